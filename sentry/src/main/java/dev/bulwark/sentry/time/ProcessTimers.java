package dev.bulwark.sentry.time;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.signal.Signals;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The timers of a process: those of setitimer(2) and POSIX timers. fork(2) hands none down;
 * execve(2) keeps the former only. Thread-safe: its monitor guards the tables.
 */
public final class ProcessTimers {
  /** Counts down real time. */
  public static final int ITIMER_REAL = 0;

  /** Counts CPU time outside of system calls. */
  public static final int ITIMER_VIRTUAL = 1;

  /** Counts CPU time. */
  public static final int ITIMER_PROF = 2;

  private final ThreadGroup process;
  private final @Nullable SignalTimer[] intervals = new @Nullable SignalTimer[3];
  private final Map<Integer, SignalTimer> timers = new TreeMap<>();
  private @Nullable CpuLimit cpuLimit;
  private int nextId;

  /** No timers. */
  public ProcessTimers(ThreadGroup process) {
    this.process = process;
  }

  /** One of the three timers of setitimer(2). */
  synchronized SignalTimer interval(Timers service, int which) {
    SignalTimer timer = intervals[which];
    if (timer == null) {
      Clock clock =
          which == ITIMER_REAL
              ? HostClocks.MONOTONIC
              : new CpuClock(process, null, which == ITIMER_VIRTUAL);
      int signal =
          switch (which) {
            case ITIMER_REAL -> Signals.SIGALRM;
            case ITIMER_VIRTUAL -> Signals.SIGVTALRM;
            default -> Signals.SIGPROF;
          };
      timer = new SignalTimer(service, clock, process, null, SignalInfo.kernel(signal), false);
      intervals[which] = timer;
    }
    return timer;
  }

  /** How a POSIX timer tells that it expired. */
  record Notification(boolean silent, int signal, @Nullable Task only, @Nullable Long value) {}

  /**
   * timer_create(2).
   *
   * @return the identifier
   * @throws ErrnoException EAGAIN beyond RLIMIT_SIGPENDING
   */
  synchronized int create(Timers service, Clock clock, Notification notification)
      throws ErrnoException {
    if (process.limits().exceeded(Limits.SIGPENDING, timers.size() + 1L)) {
      throw ErrnoException.of(Errno.EAGAIN);
    }
    while (timers.containsKey(nextId)) {
      nextId = nextId + 1 & Integer.MAX_VALUE;
    }
    int id = nextId;
    nextId = nextId + 1 & Integer.MAX_VALUE;
    Long value = notification.value();
    SignalInfo info =
        notification.silent()
            ? null
            : SignalInfo.timer(notification.signal(), id, 0, value == null ? id : value);
    timers.put(id, new SignalTimer(service, clock, process, notification.only(), info, true));
    return id;
  }

  /**
   * The timer with an identifier.
   *
   * @throws ErrnoException EINVAL
   */
  synchronized SignalTimer timer(int id) throws ErrnoException {
    SignalTimer timer = timers.get(id);
    if (timer == null) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return timer;
  }

  /** timer_delete(2). EINVAL. */
  synchronized void delete(int id) throws ErrnoException {
    timer(id).delete();
    timers.remove(id);
  }

  /** RLIMIT_CPU was set, or handed down by fork(2): sees to it from now on, if there is one. */
  public synchronized void cpuLimitChanged(Timers service) {
    CpuLimit now = cpuLimit;
    if (now == null) {
      Limits limits = process.limits();
      if (limits.soft(Limits.CPU) == Limits.INFINITY
          && limits.hard(Limits.CPU) == Limits.INFINITY) {
        return;
      }
      now = new CpuLimit(service, process);
      cpuLimit = now;
    }
    now.changed();
  }

  /** execve(2): deletes the POSIX timers. */
  public synchronized void executed() {
    timers.values().forEach(SignalTimer::delete);
    timers.clear();
  }

  /** The process has ended: deletes all. */
  public synchronized void exited() {
    executed();
    if (cpuLimit != null) {
      cpuLimit.end();
    }
    for (SignalTimer timer : intervals) {
      if (timer != null) {
        timer.delete();
      }
    }
  }
}
