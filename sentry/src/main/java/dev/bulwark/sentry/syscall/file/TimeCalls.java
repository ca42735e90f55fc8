package dev.bulwark.sentry.syscall.file;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.UserMemory;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.AttributeChange;
import dev.bulwark.sentry.vfs.AttributeRules;
import dev.bulwark.sentry.vfs.FileClock;
import dev.bulwark.sentry.vfs.Location;

/** utime(2), utimes(2), futimesat(2), utimensat(2). */
final class TimeCalls {
  private static final long UTIME_NOW = 0x3fffffff;
  private static final long UTIME_OMIT = 0x3ffffffe;
  private static final long MICROSECONDS = 1_000_000;

  private TimeCalls() {}

  /** Two times as they were given: seconds and nanoseconds, or one of the special values. */
  private record Times(long accessed, long accessedNano, long modified, long modifiedNano) {
    static final Times NOW = new Times(0, UTIME_NOW, 0, UTIME_NOW);

    static Times ofMicroseconds(UserMemory memory, long address) throws ErrnoException {
      long accessed = memory.getLong(address);
      long accessedMicro = memory.getLong(address + 8);
      long modified = memory.getLong(address + 16);
      long modifiedMicro = memory.getLong(address + 24);
      if (Long.compareUnsigned(accessedMicro, MICROSECONDS) >= 0
          || Long.compareUnsigned(modifiedMicro, MICROSECONDS) >= 0) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      return new Times(accessed, accessedMicro * 1000, modified, modifiedMicro * 1000);
    }

    static Times ofNanoseconds(UserMemory memory, long address) throws ErrnoException {
      return new Times(
          memory.getLong(address),
          nano(memory.getLong(address + 8)),
          memory.getLong(address + 16),
          nano(memory.getLong(address + 24)));
    }

    private static long nano(long value) throws ErrnoException {
      if (value != UTIME_NOW
          && value != UTIME_OMIT
          && Long.compareUnsigned(value, FileClock.SECOND) >= 0) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      return value;
    }

    boolean omitted() {
      return accessedNano == UTIME_OMIT && modifiedNano == UTIME_OMIT;
    }
  }

  static void rows(SyscallTable.Builder table) {
    table.row(Sys.UTIME, Support.FULL, "", (t, path, times, _, _, _, _) -> utime(t, path, times));
    table.row(
        Sys.UTIMES,
        Support.FULL,
        "",
        (t, path, times, _, _, _, _) -> utimes(t, At.FDCWD, path, times));
    table.row(
        Sys.FUTIMESAT,
        Support.FULL,
        "",
        (t, dir, path, times, _, _, _) -> utimes(t, (int) dir, path, times));
    table.row(
        Sys.UTIMENSAT,
        Support.FULL,
        "",
        (t, dir, path, times, flags, _, _) -> utimensat(t, (int) dir, path, times, (int) flags));
  }

  private static long utime(Task task, long path, long address) throws ErrnoException {
    Times times = Times.NOW;
    if (address != 0) {
      times = new Times(task.memory().getLong(address), 0, task.memory().getLong(address + 8), 0);
    }
    return set(task, At.find(task, At.FDCWD, path, 0), times);
  }

  private static long utimes(Task task, int directory, long path, long address)
      throws ErrnoException {
    Times times = address == 0 ? Times.NOW : Times.ofMicroseconds(task.memory(), address);
    return set(task, place(task, directory, path, 0), times);
  }

  private static long utimensat(Task task, int directory, long path, long address, int flags)
      throws ErrnoException {
    Times times = address == 0 ? Times.NOW : Times.ofNanoseconds(task.memory(), address);
    if (times.omitted()) {
      return 0;
    }
    At.known(flags, At.SYMLINK_NOFOLLOW | At.EMPTY_PATH);
    return set(task, place(task, directory, path, flags), times);
  }

  /** Without a path, the descriptor's own file is meant. */
  private static Location place(Task task, int directory, long path, int flags)
      throws ErrnoException {
    if (path != 0) {
      return At.find(task, directory, path, flags);
    }
    if (directory == At.FDCWD) {
      throw ErrnoException.of(Errno.EFAULT);
    }
    if (flags != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return ModeCalls.open(task, directory);
  }

  private static long set(Task task, Location at, Times times) throws ErrnoException {
    int valid = times.accessedNano == UTIME_OMIT ? 0 : AttributeChange.ACCESSED;
    valid |= times.modifiedNano == UTIME_OMIT ? 0 : AttributeChange.MODIFIED;
    boolean touch = times.accessedNano == UTIME_NOW && times.modifiedNano == UTIME_NOW;
    long now = FileClock.now();
    AttributeRules.times(
        at,
        valid,
        time(times.accessed, times.accessedNano, now),
        time(times.modified, times.modifiedNano, now),
        touch,
        task.credentials());
    return 0;
  }

  /** Nanoseconds since the epoch; times too far away become the farthest there are. */
  private static long time(long seconds, long nano, long now) {
    if (nano == UTIME_NOW || nano == UTIME_OMIT) {
      return now;
    }
    long limit = Long.MAX_VALUE / FileClock.SECOND - 1;
    return Math.clamp(seconds, -limit, limit) * FileClock.SECOND + nano;
  }
}
