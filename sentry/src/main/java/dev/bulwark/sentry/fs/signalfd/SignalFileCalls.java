package dev.bulwark.sentry.fs.signalfd;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.OpenFlags;

/** signalfd(2). */
public final class SignalFileCalls {
  private static final int NEW = -1;
  private static final long SET_SIZE = 8;

  private SignalFileCalls() {}

  /** Adds the rows. */
  public static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.SIGNALFD,
        Support.FULL,
        "",
        (task, fd, mask, size, _, _, _) -> signalfd(task, (int) fd, mask, size, 0));
    table.row(
        Sys.SIGNALFD4,
        Support.FULL,
        "",
        (task, fd, mask, size, flags, _, _) -> signalfd(task, (int) fd, mask, size, (int) flags));
  }

  private static long signalfd(Task task, int fd, long mask, long size, int flags)
      throws ErrnoException {
    if (size != SET_SIZE) {
      return -Errno.EINVAL;
    }
    long signals = task.memory().getLong(mask);
    if ((flags & ~(OpenFlags.CLOEXEC | OpenFlags.NONBLOCK)) != 0) {
      return -Errno.EINVAL;
    }
    if (fd != NEW) {
      try (FileDescription file = task.files().acquireOpen(fd)) {
        if (!(file instanceof SignalFile signalFile)) {
          return -Errno.EINVAL;
        }
        signalFile.setMask(signals);
        return fd;
      }
    }
    SignalFile made = new SignalFile(flags & OpenFlags.NONBLOCK, task.process().signals(), signals);
    try {
      return task.files()
          .install(
              made, 0, (flags & OpenFlags.CLOEXEC) != 0, task.process().limits().descriptors());
    } catch (ErrnoException e) {
      made.close();
      throw e;
    }
  }
}
