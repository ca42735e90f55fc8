package dev.bulwark.sentry.syscall.file;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Opener;
import dev.bulwark.sentry.vfs.PathWalk;
import dev.bulwark.sentry.vfs.ResolveFlags;

/** open(2), openat2(2), creat(2), close(2), close_range(2). */
final class OpenCalls {
  /** The part of {@link OpenFlags#TMPFILE} that is not {@link OpenFlags#DIRECTORY}. */
  private static final int TMPFILE_ONLY = OpenFlags.TMPFILE & ~OpenFlags.DIRECTORY;

  private static final int KNOWN_FLAGS =
      OpenFlags.ACCESS_MODE
          | OpenFlags.CREAT
          | OpenFlags.EXCL
          | OpenFlags.NOCTTY
          | OpenFlags.TRUNC
          | OpenFlags.APPEND
          | OpenFlags.NONBLOCK
          | OpenFlags.SYNC
          | OpenFlags.ASYNC
          | OpenFlags.DIRECT
          | OpenFlags.LARGEFILE
          | OpenFlags.DIRECTORY
          | OpenFlags.NOFOLLOW
          | OpenFlags.NOATIME
          | OpenFlags.CLOEXEC
          | OpenFlags.PATH
          | OpenFlags.TMPFILE;

  private static final int PATH_FLAGS =
      OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW | OpenFlags.PATH | OpenFlags.CLOEXEC;
  private static final int HOW_SIZE = 24;
  private static final int PAGE = 4096;
  private static final int CLOSE_RANGE_UNSHARE = 2;
  private static final int CLOSE_RANGE_CLOEXEC = 4;

  private OpenCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.OPEN,
        Support.FULL,
        "",
        (t, path, flags, mode, _, _, _) -> open(t, At.FDCWD, path, (int) flags, (int) mode));
    table.row(
        Sys.OPENAT,
        Support.FULL,
        "",
        (t, dir, path, flags, mode, _, _) -> open(t, (int) dir, path, (int) flags, (int) mode));
    table.row(
        Sys.CREAT,
        Support.FULL,
        "",
        (t, path, mode, _, _, _, _) ->
            open(
                t,
                At.FDCWD,
                path,
                OpenFlags.CREAT | OpenFlags.WRONLY | OpenFlags.TRUNC,
                (int) mode));
    table.row(
        Sys.OPENAT2,
        Support.FULL,
        "",
        (t, dir, path, how, size, _, _) -> openat2(t, (int) dir, path, how, size));
    table.row(Sys.CLOSE, Support.FULL, "", (t, fd, _, _, _, _, _) -> close(t, (int) fd));
    table.row(
        Sys.CLOSE_RANGE,
        Support.FULL,
        "",
        (t, first, last, flags, _, _, _) -> closeRange(t, (int) first, (int) last, (int) flags));
  }

  private static long open(Task task, int directory, long path, int given, int givenMode)
      throws ErrnoException {
    int flags = given & KNOWN_FLAGS;
    if ((flags & OpenFlags.PATH) != 0) {
      flags &= PATH_FLAGS;
    }
    int mode = makes(flags) ? givenMode & 07777 : 0;
    return open(task, directory, path, flags, mode, 0);
  }

  private static boolean makes(int flags) {
    return (flags & (OpenFlags.CREAT | TMPFILE_ONLY)) != 0;
  }

  private static long openat2(Task task, int directory, long path, long how, long size)
      throws ErrnoException {
    if (Long.compareUnsigned(size, HOW_SIZE) < 0) {
      return -Errno.EINVAL;
    }
    if (Long.compareUnsigned(size, PAGE) > 0) {
      return -Errno.E2BIG;
    }
    long flags = task.memory().getLong(how);
    long mode = task.memory().getLong(how + 8);
    long resolve = task.memory().getLong(how + 16);
    for (byte unknown : task.memory().readBytes(how + HOW_SIZE, (int) size - HOW_SIZE)) {
      if (unknown != 0) {
        return -Errno.E2BIG;
      }
    }
    if ((flags & ~(long) KNOWN_FLAGS) != 0 || (resolve & ~(long) ResolveFlags.ALL) != 0) {
      return -Errno.EINVAL;
    }
    int wanted = (int) flags;
    int rules = (int) resolve;
    int exclusive = ResolveFlags.BENEATH | ResolveFlags.IN_ROOT;
    if ((rules & exclusive) == exclusive) {
      return -Errno.EINVAL;
    }
    if (makes(wanted) ? (mode & ~07777L) != 0 : mode != 0) {
      return -Errno.EINVAL;
    }
    if ((wanted & OpenFlags.PATH) != 0 && (wanted & ~PATH_FLAGS) != 0) {
      return -Errno.EINVAL;
    }
    if ((rules & ResolveFlags.CACHED) != 0
        && (wanted & (OpenFlags.TRUNC | OpenFlags.CREAT | TMPFILE_ONLY)) != 0) {
      return -Errno.EAGAIN;
    }
    return open(task, directory, path, wanted, (int) mode, rules);
  }

  private static long open(Task task, int directory, long address, int flags, int mode, int resolve)
      throws ErrnoException {
    int access = flags & OpenFlags.ACCESS_MODE;
    if ((flags & TMPFILE_ONLY) != 0
        && ((flags & OpenFlags.DIRECTORY) == 0
            || (access != OpenFlags.WRONLY && access != OpenFlags.RDWR))) {
      return -Errno.EINVAL;
    }
    if ((flags & (OpenFlags.CREAT | OpenFlags.DIRECTORY))
        == (OpenFlags.CREAT | OpenFlags.DIRECTORY)) {
      return -Errno.EINVAL;
    }
    String path = task.memory().readPath(address);
    PathWalk walk = At.walk(task, directory, path, task.credentials(), resolve);
    int kept = (flags & OpenFlags.PATH) != 0 ? flags : flags | OpenFlags.LARGEFILE;
    FileDescription file = new Opener(walk, task).open(path, kept, mode & ~task.fs().umask());
    if ((flags & OpenFlags.TRUNC) != 0 && file.location().inode().isRegular()) {
      SizeCalls.cutMappings(task, file.location(), 0);
    }
    return install(task, file, (flags & OpenFlags.CLOEXEC) != 0);
  }

  /** Gives a file the lowest free descriptor, and closes it when there is none. */
  static int install(Task task, FileDescription file, boolean cloexec) throws ErrnoException {
    try {
      return task.files().install(file, 0, cloexec, task.process().limits().descriptors());
    } catch (ErrnoException e) {
      file.close();
      throw e;
    }
  }

  private static long close(Task task, int fd) throws ErrnoException {
    task.files().close(fd);
    return 0;
  }

  private static long closeRange(Task task, int first, int last, int flags) {
    if ((flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) != 0
        || Integer.compareUnsigned(first, last) > 0) {
      return -Errno.EINVAL;
    }
    if ((flags & CLOSE_RANGE_UNSHARE) != 0 && task.files().shared()) {
      var shared = task.files();
      task.setFiles(shared.copy());
      shared.close();
    }
    if (first < 0) {
      return 0; // beyond every descriptor, since the numbers are unsigned
    }
    int end = last < 0 ? Integer.MAX_VALUE : last;
    if ((flags & CLOSE_RANGE_CLOEXEC) != 0) {
      task.files().setCloseOnExec(first, end);
    } else {
      task.files().closeRange(first, end);
    }
    return 0;
  }
}
