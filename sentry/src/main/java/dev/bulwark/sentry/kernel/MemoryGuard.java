package dev.bulwark.sentry.kernel;

import dev.bulwark.sentry.mm.MemoryMap;
import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.signal.SignalSender;
import dev.bulwark.sentry.signal.Signals;
import dev.bulwark.sentry.signal.TaskSignals;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the memory of applications below the sandbox's limit: applications touch pages without the
 * Sentry's help, so a thread measures what they hold, and kills the largest process when it is too
 * much (what Linux's out-of-memory killer does for a cgroup).
 */
final class MemoryGuard implements Runnable {
  /** Between two looks a processor fills some 30 MiB, by which the limit can be exceeded. */
  private static final long PERIOD_MILLIS = 20;

  /** How long a killed process is given to let its memory go before another one is chosen. */
  private static final int PATIENCE = 50;

  private final Kernel kernel;

  private MemoryGuard(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Starts the guard; there is a limit, which may be taken away again. */
  static void start(Kernel kernel) {
    Thread.ofPlatform().name("memory-guard").daemon().start(new MemoryGuard(kernel));
  }

  @Override
  public void run() {
    try {
      while (true) {
        Thread.sleep(PERIOD_MILLIS);
        if (kernel.account().overLimit()) {
          kernel.resources().noteExceeded();
          killLargest();
        }
      }
    } catch (InterruptedException e) {
      return; // nobody interrupts it but the end of the Sentry
    }
  }

  private void killLargest() throws InterruptedException {
    Task victim = largest();
    if (victim == null) {
      return; // files in memory alone: writes to them are refused by now
    }
    ThreadGroup process = victim.process();
    kernel.resources().noteKilled();
    kernel
        .notices()
        .add(
            "process %d (%s) was killed because the sandbox used more than its %d MiB of memory"
                .formatted(
                    process.pid(), victim.attributes().name(), kernel.account().limit() >> 20));
    SignalSender.sendFromOutside(process, SignalInfo.kernel(Signals.SIGKILL));
    for (int i = 0; i < PATIENCE && kernel.account().overLimit(); i++) {
      Thread.sleep(PERIOD_MILLIS);
    }
    kernel.tellOutOfMemory(); // when memory is there again: the host is made to look for some
  }

  private @Nullable Task largest() {
    Task largest = null;
    long most = 0;
    for (ThreadGroup process : kernel.processes().all()) {
      for (TaskSignals signals : process.signals().tasks()) {
        Task task = signals.task();
        long held = held(task);
        // Among processes that share memory, the youngest: a vfork(2) child is the smaller loss.
        if (held > most || (held == most && held > 0 && older(largest, task))) {
          most = held;
          largest = task;
        }
        break;
      }
    }
    return largest;
  }

  private static boolean older(@Nullable Task one, Task other) {
    return one == null || one.process().pid() < other.process().pid();
  }

  private static long held(Task task) {
    if (!(task.memory() instanceof MemoryMap map) || !map.acquire()) {
      return 0;
    }
    try (map) {
      return map.sizes().resident();
    }
  }
}
