package dev.bulwark.sentry.syscall.file;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.DeviceNumber;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.Names;
import dev.bulwark.sentry.vfs.PathWalk;
import dev.bulwark.sentry.vfs.Renaming;

/** mkdir(2), mknod(2), symlink(2), link(2), unlink(2), rmdir(2), rename(2). */
final class NameCalls {
  private NameCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.MKDIR,
        Support.FULL,
        "",
        (t, path, mode, _, _, _, _) -> mkdir(t, At.FDCWD, path, (int) mode));
    table.row(
        Sys.MKDIRAT,
        Support.FULL,
        "",
        (t, dir, path, mode, _, _, _) -> mkdir(t, (int) dir, path, (int) mode));
    table.row(
        Sys.MKNOD,
        Support.FULL,
        "",
        (t, path, mode, dev, _, _, _) -> mknod(t, At.FDCWD, path, (int) mode, (int) dev));
    table.row(
        Sys.MKNODAT,
        Support.FULL,
        "",
        (t, dir, path, mode, dev, _, _) -> mknod(t, (int) dir, path, (int) mode, (int) dev));
    table.row(
        Sys.SYMLINK,
        Support.FULL,
        "",
        (t, target, path, _, _, _, _) -> symlink(t, target, At.FDCWD, path));
    table.row(
        Sys.SYMLINKAT,
        Support.FULL,
        "",
        (t, target, dir, path, _, _, _) -> symlink(t, target, (int) dir, path));
    table.row(
        Sys.LINK,
        Support.FULL,
        "",
        (t, old, path, _, _, _, _) -> link(t, At.FDCWD, old, At.FDCWD, path, 0));
    table.row(
        Sys.LINKAT,
        Support.FULL,
        "",
        (t, oldDir, old, dir, path, flags, _) ->
            link(t, (int) oldDir, old, (int) dir, path, (int) flags));
    table.row(
        Sys.UNLINK, Support.FULL, "", (t, path, _, _, _, _, _) -> unlink(t, At.FDCWD, path, 0));
    table.row(
        Sys.RMDIR,
        Support.FULL,
        "",
        (t, path, _, _, _, _, _) -> unlink(t, At.FDCWD, path, At.REMOVEDIR));
    table.row(
        Sys.UNLINKAT,
        Support.FULL,
        "",
        (t, dir, path, flags, _, _, _) -> unlink(t, (int) dir, path, (int) flags));
    table.row(
        Sys.RENAME,
        Support.FULL,
        "",
        (t, old, path, _, _, _, _) -> rename(t, At.FDCWD, old, At.FDCWD, path, 0));
    table.row(
        Sys.RENAMEAT,
        Support.FULL,
        "",
        (t, oldDir, old, dir, path, _, _) -> rename(t, (int) oldDir, old, (int) dir, path, 0));
    table.row(
        Sys.RENAMEAT2,
        Support.FULL,
        "",
        (t, oldDir, old, dir, path, flags, _) ->
            rename(t, (int) oldDir, old, (int) dir, path, (int) flags));
  }

  private static long mkdir(Task task, int directory, long address, int mode)
      throws ErrnoException {
    String path = task.memory().readPath(address);
    Names.mkdir(At.walk(task, directory, path), path, mode & 01777 & ~task.fs().umask());
    return 0;
  }

  private static long mknod(Task task, int directory, long address, int given, int device)
      throws ErrnoException {
    String path = task.memory().readPath(address);
    int type = given & Attributes.TYPE_MASK;
    if (type == Attributes.DIRECTORY) {
      return -Errno.EPERM;
    }
    int mode = type == 0 ? given | Attributes.REGULAR : given;
    // The argument has 12 bits for the major number and 20 for the minor one.
    long number =
        DeviceNumber.of(device >>> 8 & 0xfff, (device & 0xff) | (device >>> 12 & 0xfff00));
    Names.mknod(At.walk(task, directory, path), path, mode & ~task.fs().umask(), number);
    return 0;
  }

  private static long symlink(Task task, long targetAddress, int directory, long address)
      throws ErrnoException {
    String target = task.memory().readPath(targetAddress);
    if (target.isEmpty()) {
      return -Errno.ENOENT;
    }
    String path = task.memory().readPath(address);
    Names.symlink(At.walk(task, directory, path), path, target);
    return 0;
  }

  private static long link(
      Task task, int oldDirectory, long oldAddress, int directory, long address, int flags)
      throws ErrnoException {
    At.known(flags, At.SYMLINK_FOLLOW | At.EMPTY_PATH);
    int how = flags & At.EMPTY_PATH;
    how |= (flags & At.SYMLINK_FOLLOW) != 0 ? 0 : At.SYMLINK_NOFOLLOW;
    String oldPath = task.memory().readPath(oldAddress);
    if (oldPath.isEmpty() && (flags & At.EMPTY_PATH) != 0) {
      mayName(task, oldDirectory);
    }
    Location old = At.find(task, oldDirectory, oldPath, how, task.credentials());
    String path = task.memory().readPath(address);
    Names.link(old, At.walk(task, directory, path), path);
    return 0;
  }

  /** A descriptor that somebody else has opened may be of a file that the caller cannot reach. */
  private static void mayName(Task task, int fd) throws ErrnoException {
    Credentials own = task.credentials();
    if (fd == At.FDCWD || own.has(Capability.DAC_READ_SEARCH)) {
      return;
    }
    try (FileDescription file = task.files().acquire(fd)) {
      if (!file.openedWith(own)) {
        throw ErrnoException.of(Errno.ENOENT);
      }
    }
  }

  private static long unlink(Task task, int directory, long address, int flags)
      throws ErrnoException {
    At.known(flags, At.REMOVEDIR);
    String path = task.memory().readPath(address);
    PathWalk walk = At.walk(task, directory, path);
    if ((flags & At.REMOVEDIR) != 0) {
      Names.rmdir(walk, path);
    } else {
      Names.unlink(walk, path);
    }
    return 0;
  }

  private static long rename(
      Task task, int oldDirectory, long oldAddress, int directory, long address, int flags)
      throws ErrnoException {
    String old = task.memory().readPath(oldAddress);
    String path = task.memory().readPath(address);
    Renaming.rename(
        At.walk(task, oldDirectory, old), old, At.walk(task, directory, path), path, flags);
    return 0;
  }
}
