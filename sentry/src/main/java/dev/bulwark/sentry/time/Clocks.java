package dev.bulwark.sentry.time;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import org.jspecify.annotations.Nullable;

/** The clocks that applications know by number (clock_gettime(2)). */
public final class Clocks {
  /** CLOCK_REALTIME. */
  public static final int REALTIME = 0;

  /** CLOCK_MONOTONIC. */
  public static final int MONOTONIC = 1;

  /** CLOCK_PROCESS_CPUTIME_ID. */
  public static final int PROCESS_CPUTIME = 2;

  /** CLOCK_THREAD_CPUTIME_ID. */
  public static final int THREAD_CPUTIME = 3;

  /** CLOCK_BOOTTIME. */
  public static final int BOOTTIME = 7;

  /** CLOCK_REALTIME_ALARM. */
  public static final int REALTIME_ALARM = 8;

  /** CLOCK_BOOTTIME_ALARM. */
  public static final int BOOTTIME_ALARM = 9;

  private static final int CLOCKFD = 3;
  private static final int PER_THREAD = 4;
  private static final int CPUCLOCK_SCHED = 2;

  private Clocks() {}

  private static @Nullable HostClocks host(int id) {
    return switch (id) {
      case REALTIME, REALTIME_ALARM -> HostClocks.REALTIME;
      case MONOTONIC -> HostClocks.MONOTONIC;
      case 4 -> HostClocks.MONOTONIC_RAW;
      case 5 -> HostClocks.REALTIME_COARSE;
      case 6 -> HostClocks.MONOTONIC_COARSE;
      case BOOTTIME, BOOTTIME_ALARM -> HostClocks.BOOTTIME;
      case 11 -> HostClocks.TAI;
      default -> null;
    };
  }

  /**
   * The clock with a number, fixed or made from a pid (clock_getcpuclockid(3)).
   *
   * @throws ErrnoException EINVAL when there is none
   */
  public static Clock find(Task task, int id) throws ErrnoException {
    Clock clock = id < 0 ? dynamic(task, id) : fixed(task, id);
    if (clock == null) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return clock;
  }

  private static @Nullable Clock fixed(Task task, int id) {
    return switch (id) {
      case PROCESS_CPUTIME -> new CpuClock(task.process(), null, false);
      case THREAD_CPUTIME -> new CpuClock(task.process(), task, false);
      default -> host(id);
    };
  }

  private static @Nullable Clock dynamic(Task task, int id) {
    int pid = ~(id >> 3);
    int which = id & 3;
    if (which == CLOCKFD) {
      return null; // no posix clock devices here
    }
    boolean userOnly = which != CPUCLOCK_SCHED && which != 0;
    if ((id & PER_THREAD) != 0) {
      Task other = pid == 0 ? task : task.kernel().tasks().find(pid);
      return other == null || !other.process().equals(task.process())
          ? null
          : new CpuClock(other.process(), other, userOnly);
    }
    ThreadGroup process = pid == 0 ? task.process() : task.kernel().processes().find(pid);
    return process == null ? null : new CpuClock(process, null, userOnly);
  }

  /** The resolution of a clock, in nanoseconds. */
  static long resolution(int id) {
    HostClocks clock = id < 0 ? null : host(id);
    return clock == null ? 1 : clock.resolution();
  }

  /**
   * Refuses clocks that nobody can wait on: those that are only read, and those that would wake a
   * machine, which a sandbox is not.
   *
   * @throws ErrnoException EOPNOTSUPP
   */
  static void checkWaitable(int id) throws ErrnoException {
    switch (id) {
      case 4, 5, 6, REALTIME_ALARM, BOOTTIME_ALARM -> throw ErrnoException.of(Errno.EOPNOTSUPP);
      default -> {}
    }
  }

  /** EPERM for the clock of an alarm without CAP_WAKE_ALARM. */
  static void checkAlarm(Task task, int id) throws ErrnoException {
    if ((id == REALTIME_ALARM || id == BOOTTIME_ALARM)
        && !task.credentials().has(Capability.WAKE_ALARM)) {
      throw ErrnoException.of(Errno.EPERM);
    }
  }
}
