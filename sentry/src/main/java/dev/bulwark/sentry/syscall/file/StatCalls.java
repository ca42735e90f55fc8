package dev.bulwark.sentry.syscall.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.MountFlags;

/** stat(2) and its kin, statx(2), statfs(2), readlink(2). */
final class StatCalls {
  private static final int AT_STATX_SYNC_TYPE = 0x6000;
  private static final int STATX_RESERVED = 0x80000000;

  private StatCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.STAT,
        Support.FULL,
        "",
        (t, path, buffer, _, _, _, _) -> stat(t, At.FDCWD, path, buffer, 0));
    table.row(
        Sys.LSTAT,
        Support.FULL,
        "",
        (t, path, buffer, _, _, _, _) -> stat(t, At.FDCWD, path, buffer, At.SYMLINK_NOFOLLOW));
    table.row(
        Sys.FSTAT, Support.FULL, "", (t, fd, buffer, _, _, _, _) -> fstat(t, (int) fd, buffer));
    table.row(
        Sys.NEWFSTATAT,
        Support.FULL,
        "",
        (t, dir, path, buffer, flags, _, _) -> stat(t, (int) dir, path, buffer, (int) flags));
    table.row(
        Sys.STATX,
        Support.FULL,
        "",
        (t, dir, path, flags, mask, buffer, _) ->
            statx(t, (int) dir, path, (int) flags, (int) mask, buffer));
    table.row(
        Sys.STATFS,
        Support.FULL,
        "",
        (t, path, buffer, _, _, _, _) -> statfs(t, At.find(t, At.FDCWD, path, 0), buffer));
    table.row(
        Sys.FSTATFS,
        Support.FULL,
        "",
        (t, fd, buffer, _, _, _, _) -> statfs(t, At.place(t, notCwd((int) fd)), buffer));
    table.row(
        Sys.READLINK,
        Support.FULL,
        "",
        (t, path, buffer, size, _, _, _) -> readlink(t, At.FDCWD, path, buffer, (int) size));
    table.row(
        Sys.READLINKAT,
        Support.FULL,
        "",
        (t, dir, path, buffer, size, _, _) -> readlink(t, (int) dir, path, buffer, (int) size));
  }

  /** A descriptor argument that no constant stands for. */
  static int notCwd(int fd) {
    return fd == At.FDCWD ? -1 : fd;
  }

  private static long stat(Task task, int directory, long address, long buffer, int flags)
      throws ErrnoException {
    At.known(flags, At.SYMLINK_NOFOLLOW | At.NO_AUTOMOUNT | At.EMPTY_PATH | AT_STATX_SYNC_TYPE);
    String path = task.memory().readPath(address);
    if (path.isEmpty() && (flags & At.EMPTY_PATH) != 0 && directory != At.FDCWD) {
      return fstat(task, directory, buffer);
    }
    Location found = At.find(task, directory, path, flags, task.credentials());
    task.memory().write(buffer, StatBuffer.stat(found.inode().attributes()));
    return 0;
  }

  private static long fstat(Task task, int fd, long buffer) throws ErrnoException {
    Attributes attributes;
    try (FileDescription file = task.files().acquire(fd)) {
      attributes = file.attributes();
    }
    task.memory().write(buffer, StatBuffer.stat(attributes));
    return 0;
  }

  private static long statx(
      Task task, int directory, long address, int flags, int mask, long buffer)
      throws ErrnoException {
    if ((mask & STATX_RESERVED) != 0 || (flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE) {
      return -Errno.EINVAL;
    }
    At.known(flags, At.SYMLINK_NOFOLLOW | At.NO_AUTOMOUNT | At.EMPTY_PATH | AT_STATX_SYNC_TYPE);
    String path =
        address == 0 && (flags & At.EMPTY_PATH) != 0 ? "" : task.memory().readPath(address);
    Attributes attributes;
    Location found;
    if (path.isEmpty() && (flags & At.EMPTY_PATH) != 0 && directory != At.FDCWD) {
      try (FileDescription file = task.files().acquire(directory)) {
        attributes = file.attributes();
        found = file.location();
      }
    } else {
      found = At.find(task, directory, path, flags, task.credentials());
      attributes = found.inode().attributes();
    }
    task.memory().write(buffer, StatBuffer.statx(attributes, found));
    return 0;
  }

  private static long statfs(Task task, Location found, long buffer) throws ErrnoException {
    Inode inode = found.inode();
    long device = inode.fileSystem().device();
    task.memory().write(buffer, StatBuffer.statfs(inode.statfs(), device, found.mount()));
    return 0;
  }

  private static long readlink(Task task, int directory, long path, long buffer, int size)
      throws ErrnoException {
    if (size <= 0) {
      return -Errno.EINVAL;
    }
    String name = task.memory().readPath(path);
    boolean itself = name.isEmpty(); // a link that was opened with O_PATH and O_NOFOLLOW
    Location found =
        At.find(task, directory, name, At.SYMLINK_NOFOLLOW | At.EMPTY_PATH, task.credentials());
    Inode inode = found.inode();
    if (!inode.isSymlink()) {
      return itself ? -Errno.ENOENT : -Errno.EINVAL;
    }
    if (!found.mount().has(MountFlags.NOATIME) && !found.mount().readOnly()) {
      inode.touchAccessed();
    }
    byte[] target = inode.readlink().getBytes(ISO_8859_1);
    int length = Math.min(size, target.length);
    task.memory().write(buffer, target, 0, length);
    return length;
  }
}
