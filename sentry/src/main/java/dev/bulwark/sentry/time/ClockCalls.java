package dev.bulwark.sentry.time;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;

/** Reading clocks and sleeping: clock_gettime(2), clock_nanosleep(2), gettimeofday(2), time(2). */
public final class ClockCalls {
  private static final int TIMER_ABSTIME = 1;
  private static final long TICK = 10_000_000;

  private ClockCalls() {}

  /** Adds the rows. */
  public static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.CLOCK_GETTIME,
        Support.FULL,
        "",
        (t, clock, to, _, _, _, _) -> gettime(t, (int) clock, to));
    table.row(
        Sys.CLOCK_GETRES,
        Support.FULL,
        "",
        (t, clock, to, _, _, _, _) -> getres(t, (int) clock, to));
    table.row(
        Sys.CLOCK_SETTIME,
        Support.PARTIAL,
        "the clocks of a sandbox are the host's: EPERM",
        (t, clock, from, _, _, _, _) -> settime(t, (int) clock, from));
    table.row(
        Sys.SETTIMEOFDAY,
        Support.PARTIAL,
        "the clocks of a sandbox are the host's: EPERM",
        (_, _, _, _, _, _, _) -> -Errno.EPERM);
    table.row(
        Sys.GETTIMEOFDAY,
        Support.FULL,
        "the time zone is always UTC",
        (t, time, zone, _, _, _, _) -> gettimeofday(t, time, zone));
    table.row(Sys.TIME, Support.FULL, "", (t, to, _, _, _, _, _) -> time(t, to));
    table.row(
        Sys.NANOSLEEP,
        Support.FULL,
        "",
        (t, time, left, _, _, _, _) -> nanosleep(t, Clocks.MONOTONIC, 0, time, left));
    table.row(
        Sys.CLOCK_NANOSLEEP,
        Support.FULL,
        "",
        (t, clock, flags, time, left, _, _) ->
            clockNanosleep(t, (int) clock, (int) flags, time, left));
    table.row(Sys.TIMES, Support.FULL, "", (t, to, _, _, _, _, _) -> times(t, to));
  }

  private static long gettime(Task task, int clock, long to) throws ErrnoException {
    if (clock == Clocks.THREAD_CPUTIME) {
      task.context().sampleCpuTime();
    }
    Timespec.ofNanos(Clocks.find(task, clock).nanos()).write(task.memory(), to);
    return 0;
  }

  private static long getres(Task task, int clock, long to) throws ErrnoException {
    Clocks.find(task, clock);
    if (to != 0) {
      Timespec.ofNanos(Clocks.resolution(clock)).write(task.memory(), to);
    }
    return 0;
  }

  private static long settime(Task task, int clock, long from) throws ErrnoException {
    if (clock != Clocks.REALTIME) {
      return -Errno.EINVAL;
    }
    Timespec.readValid(task.memory(), from);
    return -Errno.EPERM;
  }

  private static long gettimeofday(Task task, long time, long zone) throws ErrnoException {
    if (time != 0) {
      Timespec.ofNanos(HostClocks.REALTIME.nanos()).writeTimeval(task.memory(), time);
    }
    if (zone != 0) {
      task.memory().putLong(zone, 0);
    }
    return 0;
  }

  private static long time(Task task, long to) throws ErrnoException {
    long now = HostClocks.REALTIME_COARSE.nanos() / Timespec.SECOND;
    if (to != 0) {
      task.memory().putLong(to, now);
    }
    return now;
  }

  private static long clockNanosleep(Task task, int clock, int flags, long time, long left)
      throws ErrnoException {
    if (clock == Clocks.THREAD_CPUTIME) {
      return -Errno.EOPNOTSUPP;
    }
    Clocks.find(task, clock);
    Clocks.checkWaitable(clock);
    return nanosleep(task, clock, flags, time, left);
  }

  /**
   * Sleeps.
   *
   * @param left where to store what is left of a relative sleep that a signal ended; 0 for nowhere
   */
  private static long nanosleep(Task task, int clockId, int flags, long time, long left)
      throws ErrnoException {
    long value = Timespec.readValid(task.memory(), time).toNanos();
    Clock clock = Clocks.find(task, clockId);
    if ((flags & TIMER_ABSTIME) != 0) {
      long result = sleepUntil(task, clock, value);
      return result == -Errno.ERESTARTSYS ? -Errno.ERESTARTNOHAND : result;
    }
    long now = clock.nanos();
    long until = value > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + value;
    return sleepRelative(task, clock, until, left);
  }

  private static long sleepRelative(Task task, Clock clock, long until, long left)
      throws ErrnoException {
    long result = sleepUntil(task, clock, until);
    if (result != -Errno.ERESTARTSYS) {
      return result;
    }
    long remaining = until - clock.nanos();
    if (remaining <= 0) {
      return 0;
    }
    if (left != 0) {
      Timespec.ofNanos(remaining).write(task.memory(), left);
    }
    task.signals()
        .setRestart(
            again -> {
              try {
                return sleepRelative(again, clock, until, left);
              } catch (ErrnoException e) {
                return -e.errno();
              }
            });
    return -Errno.ERESTART_RESTARTBLOCK;
  }

  /** Sleeps until a clock shows a value. Result 0 or ERESTARTSYS negated. */
  private static long sleepUntil(Task task, Clock clock, long value) {
    while (clock.nanos() < value) {
      long deadline = value == Long.MAX_VALUE ? Task.NEVER : clock.whenShows(value);
      if (task.sleep(() -> false, deadline) == -Errno.ERESTARTSYS) {
        return -Errno.ERESTARTSYS;
      }
    }
    return 0;
  }

  /** In clock ticks of 1/100 s: user and system time, then those of the children waited for. */
  private static long times(Task task, long to) throws ErrnoException {
    if (to != 0) {
      long[] usage = CpuTime.usage(task.process());
      for (int i = 0; i < usage.length; i++) {
        task.memory().putLong(to + 8L * i, usage[i] / TICK);
      }
    }
    return HostClocks.BOOTTIME.nanos() / TICK;
  }
}
