package dev.bulwark.sentry.time;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.UserMemory;
import dev.bulwark.sentry.signal.Signals;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.OpenFlags;

/** setitimer(2), alarm(2), timer_create(2) and timerfd_create(2) with their companions. */
public final class TimerCalls {
  private static final int TIMER_ABSTIME = 1;
  private static final int TFD_TIMER_CANCEL_ON_SET = 2;
  private static final int SIGEV_SIGNAL = 0;
  private static final int SIGEV_NONE = 1;
  private static final int SIGEV_THREAD = 2;
  private static final int SIGEV_THREAD_ID = 4;

  private TimerCalls() {}

  /** Adds the rows. */
  public static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.GETITIMER,
        Support.FULL,
        "",
        (t, which, to, _, _, _, _) -> getitimer(t, (int) which, to));
    table.row(
        Sys.SETITIMER,
        Support.FULL,
        "CPU time is measured every 2 to 250 ms",
        (t, which, from, old, _, _, _) -> setitimer(t, (int) which, from, old));
    table.row(Sys.ALARM, Support.FULL, "", (t, seconds, _, _, _, _, _) -> alarm(t, (int) seconds));
    table.row(
        Sys.TIMER_CREATE,
        Support.FULL,
        "",
        (t, clock, event, id, _, _, _) -> create(t, (int) clock, event, id));
    table.row(
        Sys.TIMER_SETTIME,
        Support.FULL,
        "",
        (t, id, flags, from, old, _, _) -> settime(t, (int) id, (int) flags, from, old));
    table.row(
        Sys.TIMER_GETTIME,
        Support.FULL,
        "",
        (t, id, to, _, _, _, _) -> {
          t.process().timers().timer((int) id).get().write(t.memory(), to);
          return 0;
        });
    table.row(
        Sys.TIMER_GETOVERRUN,
        Support.FULL,
        "",
        (t, id, _, _, _, _, _) -> t.process().timers().timer((int) id).overrun());
    table.row(
        Sys.TIMER_DELETE,
        Support.FULL,
        "",
        (t, id, _, _, _, _, _) -> {
          t.process().timers().delete((int) id);
          return 0;
        });
    table.row(
        Sys.TIMERFD_CREATE,
        Support.FULL,
        "",
        (t, clock, flags, _, _, _, _) -> timerfd(t, (int) clock, (int) flags));
    table.row(
        Sys.TIMERFD_SETTIME,
        Support.FULL,
        "the host's clock is never seen to be set, so TFD_TIMER_CANCEL_ON_SET cancels nothing",
        (t, fd, flags, from, old, _, _) -> setTimerfd(t, (int) fd, (int) flags, from, old));
    table.row(
        Sys.TIMERFD_GETTIME,
        Support.FULL,
        "",
        (t, fd, to, _, _, _, _) -> getTimerfd(t, (int) fd, to));
  }

  private static SignalTimer interval(Task task, int which) throws ErrnoException {
    if (which < ProcessTimers.ITIMER_REAL || which > ProcessTimers.ITIMER_PROF) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return task.process().timers().interval(task.kernel().timers(), which);
  }

  private static long getitimer(Task task, int which, long to) throws ErrnoException {
    interval(task, which).get().writeTimevals(task.memory(), to);
    return 0;
  }

  private static long setitimer(Task task, int which, long from, long old) throws ErrnoException {
    TimerSetting setting =
        from == 0 ? new TimerSetting(0, 0) : TimerSetting.readTimevals(task.memory(), from);
    TimerSetting before = interval(task, which).set(setting, false);
    if (old != 0) {
      before.writeTimevals(task.memory(), old);
    }
    return 0;
  }

  private static long alarm(Task task, int seconds) throws ErrnoException {
    long wanted = seconds < 0 ? Integer.MAX_VALUE : seconds;
    TimerSetting before =
        interval(task, ProcessTimers.ITIMER_REAL)
            .set(new TimerSetting(0, wanted * Timespec.SECOND), false);
    long left = before.value();
    // Rounded to the nearest second, but never to 0 while something is left.
    return left == 0 ? 0 : Math.max(1, (left + Timespec.SECOND / 2) / Timespec.SECOND);
  }

  private static long create(Task task, int clockId, long event, long idAddress)
      throws ErrnoException {
    Clock clock = Clocks.find(task, clockId);
    Clocks.checkWaitable(clockId);
    ProcessTimers.Notification notification =
        event == 0
            ? new ProcessTimers.Notification(false, Signals.SIGALRM, null, null)
            : readNotification(task, event);
    ProcessTimers timers = task.process().timers();
    int id = timers.create(task.kernel().timers(), clock, notification);
    try {
      task.memory().putInt(idAddress, id);
      return 0;
    } catch (ErrnoException e) {
      timers.delete(id);
      throw e;
    }
  }

  /** Reads a {@code struct sigevent}. */
  private static ProcessTimers.Notification readNotification(Task task, long address)
      throws ErrnoException {
    UserMemory memory = task.memory();
    long value = memory.getLong(address);
    int signal = memory.getInt(address + 8);
    int kind = memory.getInt(address + 12);
    Task only = null;
    switch (kind) {
      case SIGEV_NONE -> {
        return new ProcessTimers.Notification(true, 0, null, value);
      }
      case SIGEV_SIGNAL, SIGEV_THREAD -> {}
      case SIGEV_SIGNAL | SIGEV_THREAD_ID -> {
        only = task.kernel().tasks().find(memory.getInt(address + 16));
        if (only == null || !only.process().equals(task.process())) {
          throw ErrnoException.of(Errno.EINVAL);
        }
      }
      default -> throw ErrnoException.of(Errno.EINVAL);
    }
    if (!Signals.valid(signal)) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return new ProcessTimers.Notification(false, signal, only, value);
  }

  private static long settime(Task task, int id, int flags, long from, long old)
      throws ErrnoException {
    if (from == 0) {
      return -Errno.EINVAL;
    }
    TimerSetting setting = TimerSetting.read(task.memory(), from);
    SignalTimer timer = task.process().timers().timer(id);
    TimerSetting before = timer.set(setting, (flags & TIMER_ABSTIME) != 0);
    if (old != 0) {
      before.write(task.memory(), old);
    }
    return 0;
  }

  private static long timerfd(Task task, int clockId, int flags) throws ErrnoException {
    if ((flags & ~(OpenFlags.CLOEXEC | OpenFlags.NONBLOCK)) != 0) {
      return -Errno.EINVAL;
    }
    switch (clockId) {
      case Clocks.REALTIME,
          Clocks.MONOTONIC,
          Clocks.BOOTTIME,
          Clocks.REALTIME_ALARM,
          Clocks.BOOTTIME_ALARM -> {}
      default -> {
        return -Errno.EINVAL;
      }
    }
    Clocks.checkAlarm(task, clockId);
    TimerFile file =
        new TimerFile(
            task.kernel().timers(),
            clockId,
            Clocks.find(task, clockId),
            OpenFlags.RDWR | (flags & OpenFlags.NONBLOCK));
    try {
      boolean cloexec = (flags & OpenFlags.CLOEXEC) != 0;
      return task.files().install(file, 0, cloexec, task.process().limits().descriptors());
    } catch (ErrnoException e) {
      file.close();
      throw e;
    }
  }

  private static long setTimerfd(Task task, int fd, int flags, long from, long old)
      throws ErrnoException {
    TimerSetting setting = TimerSetting.read(task.memory(), from);
    if ((flags & ~(TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)) != 0) {
      return -Errno.EINVAL;
    }
    try (FileDescription file = task.files().acquireOpen(fd)) {
      if (!(file instanceof TimerFile timer)) {
        return -Errno.EINVAL;
      }
      TimerSetting before = timer.set(setting, (flags & TIMER_ABSTIME) != 0, flags);
      if (old != 0) {
        before.write(task.memory(), old);
      }
      return 0;
    }
  }

  private static long getTimerfd(Task task, int fd, long to) throws ErrnoException {
    try (FileDescription file = task.files().acquireOpen(fd)) {
      if (!(file instanceof TimerFile timer)) {
        return -Errno.EINVAL;
      }
      timer.get().write(task.memory(), to);
      return 0;
    }
  }
}
