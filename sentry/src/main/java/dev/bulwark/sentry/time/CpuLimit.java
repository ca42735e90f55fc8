package dev.bulwark.sentry.time;

import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.signal.SignalSender;
import dev.bulwark.sentry.signal.Signals;

/**
 * Enforces RLIMIT_CPU of one process (setrlimit(2)): SIGXCPU at the soft limit, which then moves on
 * by a second, and SIGKILL at the hard one. Thread-safe. It exists only for processes that have the
 * limit; for the others nothing is measured.
 */
final class CpuLimit {
  private static final long SECOND = 1_000_000_000;

  private final ThreadGroup process;
  private final CpuClock clock;
  private final Timers.Alarm alarm;
  private volatile boolean over;

  CpuLimit(Timers timers, ThreadGroup process) {
    this.process = process;
    this.clock = new CpuClock(process, null, false);
    this.alarm = timers.alarm(this::look);
  }

  /** The limit was set: looks soon. */
  void changed() {
    alarm.set(System.nanoTime());
  }

  /** The process has ended. */
  void end() {
    over = true;
    alarm.cancel();
  }

  private void look() {
    if (over) {
      return;
    }
    Limits limits = process.limits();
    long used = clock.nanos();
    boolean kill;
    boolean warn;
    long next;
    synchronized (limits) {
      long soft = limits.soft(Limits.CPU);
      long hard = limits.hard(Limits.CPU);
      kill = used >= nanos(hard);
      warn = !kill && used >= nanos(soft);
      if (warn) {
        soft++;
        limits.set(Limits.CPU, soft, hard);
      }
      next = Math.min(nanos(soft), nanos(hard));
    }
    if (kill) {
      SignalSender.sendFromOutside(process, SignalInfo.kernel(Signals.SIGKILL));
      return;
    }
    if (warn) {
      SignalSender.sendToProcess(process, SignalInfo.kernel(Signals.SIGXCPU));
    }
    if (next != Long.MAX_VALUE) {
      alarm.set(clock.whenShows(next));
    }
  }

  /** A limit in nanoseconds, cut to what a clock can show. */
  private static long nanos(long seconds) {
    return seconds < 0 || seconds > Long.MAX_VALUE / SECOND ? Long.MAX_VALUE : seconds * SECOND;
  }
}
