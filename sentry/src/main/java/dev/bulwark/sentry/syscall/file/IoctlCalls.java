package dev.bulwark.sentry.syscall.file;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.InodeFile;
import dev.bulwark.sentry.vfs.OpenFlags;

/** ioctl(2): the requests of all files, and the way to those of one kind. */
final class IoctlCalls {
  private static final int FIONREAD = 0x541b;
  private static final int FIONBIO = 0x5421;
  private static final int FIONCLEX = 0x5450;
  private static final int FIOCLEX = 0x5451;
  private static final int FIOASYNC = 0x5452;
  private static final int FIOQSIZE = 0x5460;

  private IoctlCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.IOCTL,
        Support.PARTIAL,
        "requests that a kind of file does not know are ENOTTY",
        (t, fd, request, argument, _, _, _) -> ioctl(t, (int) fd, (int) request, argument));
  }

  private static long ioctl(Task task, int fd, int request, long argument) throws ErrnoException {
    try (FileDescription file = task.files().acquireOpen(fd)) {
      switch (request) {
        case FIOCLEX -> {
          task.files().setCloseOnExec(fd, true);
          return 0;
        }
        case FIONCLEX -> {
          task.files().setCloseOnExec(fd, false);
          return 0;
        }
        case FIONBIO -> {
          return set(task, file, OpenFlags.NONBLOCK, argument);
        }
        case FIOASYNC -> {
          if (!file.sendsSignals()) {
            return -Errno.ENOTTY;
          }
          file.driveBySignals(fd, task.memory().getInt(argument) != 0);
          return set(task, file, OpenFlags.ASYNC, argument);
        }
        default -> {}
      }
      if (file instanceof InodeFile regular && regular.inode().isRegular()) {
        switch (request) {
          case FIONREAD -> {
            task.memory().putInt(argument, (int) (regular.inode().size() - file.position()));
            return 0;
          }
          case FIOQSIZE -> {
            task.memory().putLong(argument, regular.inode().size());
            return 0;
          }
          default -> {}
        }
      }
      long result = file.ioctl(task, request, argument);
      return result == -Errno.ENOSYS ? -Errno.ENOTTY : result;
    }
  }

  private static long set(Task task, FileDescription file, int flag, long argument)
      throws ErrnoException {
    boolean on = task.memory().getInt(argument) != 0;
    file.setFlags(on ? file.flags() | flag : file.flags() & ~flag);
    return 0;
  }
}
