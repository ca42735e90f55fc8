package dev.bulwark.sentry.vfs;

import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.signal.SignalSender;
import dev.bulwark.sentry.signal.Signals;
import org.jspecify.annotations.Nullable;

/**
 * Whom signal-driven input and output tells (fcntl(2), F_SETOWN_EX), and as whom. Immutable.
 *
 * @param kernel where the receivers live
 * @param type {@link #THREAD}, {@link #PROCESS} or {@link #GROUP}
 * @param id its number, 0 for nobody
 * @param task the thread, or null
 * @param process the process, or null
 * @param setter who asked for it: the signals are sent with his rights
 */
public record AsyncOwner(
    Kernel kernel,
    int type,
    int id,
    @Nullable Task task,
    @Nullable ThreadGroup process,
    Credentials setter) {
  /** A thread. */
  public static final int THREAD = 0;

  /** A process. */
  public static final int PROCESS = 1;

  /** A process group. */
  public static final int GROUP = 2;

  /** An owner that is neither thread nor process, such as a group, or nobody. */
  public static AsyncOwner group(Kernel kernel, int id, Credentials setter) {
    return new AsyncOwner(kernel, GROUP, id, null, null, setter);
  }

  /** One thread. */
  public static AsyncOwner thread(Task task, Credentials setter) {
    return new AsyncOwner(task.kernel(), THREAD, task.tid(), task, null, setter);
  }

  /** A process. */
  public static AsyncOwner process(Kernel kernel, ThreadGroup process, Credentials setter) {
    return new AsyncOwner(kernel, PROCESS, process.pid(), null, process, setter);
  }

  /** Nobody, of a type that F_GETOWN_EX still tells. */
  public static AsyncOwner nobody(Kernel kernel, int type, Credentials setter) {
    return new AsyncOwner(kernel, type, 0, null, null, setter);
  }

  /** {@link #id}, or 0 when the thread or process is gone. */
  public int living() {
    boolean gone =
        switch (type) {
          case THREAD -> task == null || kernel.tasks().find(id) != task;
          case PROCESS -> process == null || process.over();
          default -> false;
        };
    return gone ? 0 : id;
  }

  /**
   * Sends a signal. Does not wait; not to be called with the lock of a process's signals held.
   *
   * @param signal the signal that F_SETSIG chose, or 0 for SIGIO that tells nothing
   * @param what the particulars that go with a chosen signal
   */
  void send(int signal, SignalInfo what) {
    switch (type) {
      case THREAD -> {
        if (task != null && living() != 0 && maySend(task.credentials())) {
          boolean queued = signal != 0 && SignalSender.send(task, what) == 0;
          if (!queued) {
            SignalSender.send(task, SignalInfo.kernel(Signals.SIGIO));
          }
        }
      }
      case PROCESS -> {
        if (process != null) {
          sendTo(process, signal, what);
        }
      }
      default -> {
        if (id != 0) {
          for (ThreadGroup member : kernel.processes().members(id)) {
            sendTo(member, signal, what);
          }
        }
      }
    }
  }

  private void sendTo(ThreadGroup to, int signal, SignalInfo what) {
    if (to.over() || !maySend(to.signals().credentials())) {
      return;
    }
    // A full queue is no reason to lose the news, as it would be for sigqueue(3).
    boolean queued = signal != 0 && SignalSender.sendToProcess(to, what) == 0;
    if (!queued) {
      SignalSender.sendToProcess(to, SignalInfo.kernel(Signals.SIGIO));
    }
  }

  /** Linux's sigio_perm. */
  private boolean maySend(Credentials theirs) {
    return setter.euid() == 0
        || setter.euid() == theirs.suid()
        || setter.euid() == theirs.uid()
        || setter.uid() == theirs.suid()
        || setter.uid() == theirs.uid();
  }
}
