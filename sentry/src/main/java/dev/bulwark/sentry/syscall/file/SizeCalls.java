package dev.bulwark.sentry.syscall.file;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.MemoryMap;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.AttributeRules;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.FileEvents;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.Permission;

/** truncate(2), ftruncate(2), fallocate(2). */
final class SizeCalls {
  private static final int FALLOC_FL_KEEP_SIZE = 1;
  private static final int FALLOC_FL_PUNCH_HOLE = 2;
  private static final int FALLOC_FL_COLLAPSE_RANGE = 8;
  private static final int FALLOC_FL_ZERO_RANGE = 0x10;
  private static final int FALLOC_FL_INSERT_RANGE = 0x20;
  private static final int FALLOC_FL_UNSHARE_RANGE = 0x40;
  private static final int FALLOC_FL_KNOWN =
      FALLOC_FL_KEEP_SIZE
          | FALLOC_FL_PUNCH_HOLE
          | FALLOC_FL_COLLAPSE_RANGE
          | FALLOC_FL_ZERO_RANGE
          | FALLOC_FL_INSERT_RANGE
          | FALLOC_FL_UNSHARE_RANGE;

  private static final String OTHERS =
      "pages that other processes have written in private mappings stay";

  private SizeCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.TRUNCATE,
        Support.PARTIAL,
        OTHERS,
        (t, path, length, _, _, _, _) -> truncate(t, path, length));
    table.row(
        Sys.FTRUNCATE,
        Support.PARTIAL,
        OTHERS,
        (t, fd, length, _, _, _, _) -> ftruncate(t, (int) fd, length));
    table.row(
        Sys.FALLOCATE,
        Support.FULL,
        "modes that a file system lacks are EOPNOTSUPP, as on Linux",
        (t, fd, mode, offset, length, _, _) -> fallocate(t, (int) fd, (int) mode, offset, length));
  }

  private static long truncate(Task task, long path, long length) throws ErrnoException {
    if (length < 0) {
      return -Errno.EINVAL;
    }
    Location at = At.find(task, At.FDCWD, path, 0);
    Inode inode = at.inode();
    if (!inode.isRegular()) {
      return inode.isDirectory() ? -Errno.EISDIR : -Errno.EINVAL;
    }
    at.mount().checkWritable();
    inode.checkPermission(Permission.WRITE, task.credentials());
    SizeLimit.check(task, length);
    AttributeRules.truncate(at, length, task.credentials());
    cutMappings(task, at, length);
    return 0;
  }

  private static long ftruncate(Task task, int fd, long length) throws ErrnoException {
    if (length < 0) {
      return -Errno.EINVAL;
    }
    try (FileDescription file = task.files().acquireOpen(fd)) {
      Location at = file.location();
      if (!at.inode().isRegular() || !file.writable()) {
        return -Errno.EINVAL;
      }
      SizeLimit.check(task, length);
      AttributeRules.truncate(at, length, task.credentials());
      cutMappings(task, at, length);
      return 0;
    }
  }

  /** Private pages of the file that the caller has mapped go, if they are beyond its end now. */
  static void cutMappings(Task task, Location at, long length) throws ErrnoException {
    if (task.memory() instanceof MemoryMap map) {
      Attributes now = at.inode().attributes();
      map.fileTruncated(task.context(), now.device(), now.inode(), length);
    }
  }

  private static long fallocate(Task task, int fd, int mode, long offset, long length)
      throws ErrnoException {
    try (FileDescription file = task.files().acquireOpen(fd)) {
      if (offset < 0 || length <= 0) {
        return -Errno.EINVAL;
      }
      if ((mode & ~FALLOC_FL_KNOWN) != 0) {
        return -Errno.EOPNOTSUPP;
      }
      int kind = mode & ~FALLOC_FL_KEEP_SIZE;
      if (Integer.bitCount(kind) > 1 || mode == FALLOC_FL_PUNCH_HOLE) {
        return -Errno.EOPNOTSUPP;
      }
      if (!file.writable()) {
        return -Errno.EBADF;
      }
      Location at = file.location();
      Inode inode = at.inode();
      switch (file.attributes().type()) {
        case Attributes.REGULAR -> {}
        case Attributes.FIFO -> {
          return -Errno.ESPIPE;
        }
        case Attributes.DIRECTORY -> {
          return -Errno.EISDIR;
        }
        default -> {
          return -Errno.ENODEV;
        }
      }
      if (offset > inode.maximumSize() - length) {
        return -Errno.EFBIG;
      }
      if (kind == 0) {
        SizeLimit.check(task, offset + length);
      }
      inode.allocate(mode, offset, length);
      FileEvents.modified(at.dentry());
      return 0;
    }
  }
}
