package dev.bulwark.sentry.syscall.file;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.OpenFlags;

/** dup(2), dup2(2), dup3(2). */
final class DescriptorCalls {
  private DescriptorCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.DUP,
        Support.FULL,
        "",
        (t, fd, _, _, _, _, _) -> OpenCalls.install(t, t.files().acquire((int) fd), false));
    table.row(Sys.DUP2, Support.FULL, "", (t, old, fd, _, _, _, _) -> dup2(t, (int) old, (int) fd));
    table.row(
        Sys.DUP3,
        Support.FULL,
        "",
        (t, old, fd, flags, _, _, _) -> dup3(t, (int) old, (int) fd, (int) flags));
  }

  private static long dup2(Task task, int old, int fd) throws ErrnoException {
    if (old == fd) {
      task.files().acquire(old).close();
      return fd;
    }
    return duplicate(task, old, fd, false);
  }

  private static long dup3(Task task, int old, int fd, int flags) throws ErrnoException {
    if ((flags & ~OpenFlags.CLOEXEC) != 0 || old == fd) {
      return -Errno.EINVAL;
    }
    return duplicate(task, old, fd, flags != 0);
  }

  private static long duplicate(Task task, int old, int fd, boolean cloexec) throws ErrnoException {
    if (fd < 0 || fd >= task.process().limits().descriptors()) {
      return -Errno.EBADF;
    }
    FileDescription file = task.files().acquire(old);
    task.files().replace(fd, file, cloexec);
    return fd;
  }
}
