package dev.bulwark.sentry.syscall.file;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Mount;
import java.util.HashSet;
import java.util.Set;

/** sync(2), fsync(2) and their kin; readahead(2) and posix_fadvise(2), which are mere hints. */
final class SyncCalls {
  private static final int SYNC_FILE_RANGE_KNOWN = 7;
  private static final int LAST_ADVICE = 5;

  private SyncCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(Sys.SYNC, Support.FULL, "", (t, _, _, _, _, _, _) -> sync(t));
    table.row(Sys.SYNCFS, Support.FULL, "", (t, fd, _, _, _, _, _) -> syncfs(t, (int) fd));
    table.row(Sys.FSYNC, Support.FULL, "", (t, fd, _, _, _, _, _) -> fsync(t, (int) fd, false));
    table.row(Sys.FDATASYNC, Support.FULL, "", (t, fd, _, _, _, _, _) -> fsync(t, (int) fd, true));
    table.row(
        Sys.SYNC_FILE_RANGE,
        Support.FULL,
        "writes the whole file",
        (t, fd, offset, length, flags, _, _) ->
            syncFileRange(t, (int) fd, offset, length, (int) flags));
    table.row(Sys.READAHEAD, Support.FULL, "", (t, fd, _, _, _, _, _) -> readahead(t, (int) fd));
    table.row(
        Sys.FADVISE64,
        Support.FULL,
        "",
        (t, fd, _, length, advice, _, _) -> fadvise(t, (int) fd, length, (int) advice));
  }

  private static long sync(Task task) {
    Set<Mount> done = new HashSet<>();
    Mount top = task.fs().root().mount();
    sync(top, done);
    return 0;
  }

  private static void sync(Mount mount, Set<Mount> done) {
    if (!done.add(mount)) {
      return;
    }
    try {
      mount.fileSystem().sync();
    } catch (ErrnoException e) {
      // sync(2) reports no errors
    }
    for (Mount child : mount.children()) {
      sync(child, done);
    }
  }

  private static long syncfs(Task task, int fd) throws ErrnoException {
    try (FileDescription file = task.files().acquireOpen(fd)) {
      file.location().mount().fileSystem().sync();
      return 0;
    }
  }

  private static long fsync(Task task, int fd, boolean dataOnly) throws ErrnoException {
    try (FileDescription file = task.files().acquireOpen(fd)) {
      int type = file.attributes().type();
      if (type != Attributes.REGULAR && type != Attributes.DIRECTORY && type != Attributes.BLOCK) {
        return -Errno.EINVAL;
      }
      file.location().inode().sync(dataOnly);
      return 0;
    }
  }

  private static long syncFileRange(Task task, int fd, long offset, long length, int flags)
      throws ErrnoException {
    try (FileDescription file = task.files().acquireOpen(fd)) {
      if ((flags & ~SYNC_FILE_RANGE_KNOWN) != 0
          || offset < 0
          || length < 0
          || offset + length < 0) {
        return -Errno.EINVAL;
      }
      int type = file.attributes().type();
      if (type != Attributes.REGULAR && type != Attributes.DIRECTORY && type != Attributes.BLOCK) {
        return -Errno.ESPIPE;
      }
      if (flags != 0) {
        file.location().inode().sync(true);
      }
      return 0;
    }
  }

  private static long readahead(Task task, int fd) throws ErrnoException {
    try (FileDescription file = task.files().acquireOpen(fd)) {
      if (!file.readable()) {
        return -Errno.EBADF;
      }
      return file.attributes().isRegular() ? 0 : -Errno.EINVAL;
    }
  }

  private static long fadvise(Task task, int fd, long length, int advice) throws ErrnoException {
    try (FileDescription file = task.files().acquireOpen(fd)) {
      if (file.attributes().type() == Attributes.FIFO) {
        return -Errno.ESPIPE;
      }
      return length < 0 || advice < 0 || advice > LAST_ADVICE ? -Errno.EINVAL : 0;
    }
  }
}
