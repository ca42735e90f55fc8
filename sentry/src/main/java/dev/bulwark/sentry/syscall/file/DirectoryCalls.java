package dev.bulwark.sentry.syscall.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.DirectorySink;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.Permission;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** getdents(2), getcwd(2), chdir(2), chroot(2), umask(2). */
final class DirectoryCalls {
  /** Entries are gathered here before they go out; more than glibc ever asks for at once. */
  private static final int LARGEST_BUFFER = 1 << 18;

  private DirectoryCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.GETDENTS,
        Support.FULL,
        "",
        (t, fd, buffer, size, _, _, _) -> getdents(t, (int) fd, buffer, (int) size, false));
    table.row(
        Sys.GETDENTS64,
        Support.FULL,
        "",
        (t, fd, buffer, size, _, _, _) -> getdents(t, (int) fd, buffer, (int) size, true));
    table.row(
        Sys.GETCWD, Support.FULL, "", (t, buffer, size, _, _, _, _) -> getcwd(t, buffer, size));
    table.row(
        Sys.CHDIR,
        Support.FULL,
        "",
        (t, path, _, _, _, _, _) -> chdir(t, At.find(t, At.FDCWD, path, 0)));
    table.row(
        Sys.FCHDIR,
        Support.FULL,
        "",
        (t, fd, _, _, _, _, _) -> chdir(t, At.place(t, StatCalls.notCwd((int) fd))));
    table.row(
        Sys.CHROOT,
        Support.FULL,
        "",
        (t, path, _, _, _, _, _) -> chroot(t, At.find(t, At.FDCWD, path, 0)));
    table.row(Sys.UMASK, Support.FULL, "", (t, mask, _, _, _, _, _) -> t.fs().setUmask((int) mask));
  }

  /** Lays entries out as struct linux_dirent64 or linux_dirent. */
  private static final class Layout implements DirectorySink {
    private final byte[] bytes;
    private final ByteBuffer to;
    private final boolean wide;
    private boolean overflow;

    Layout(int size, boolean wide) {
      bytes = new byte[size];
      to = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      this.wide = wide;
    }

    @Override
    public boolean entry(String name, long inode, int type, long next) {
      int header = wide ? 19 : 18;
      int trailer = wide ? 1 : 2; // the NUL; the old form keeps the type behind it
      int length = (header + name.length() + trailer + 7) & ~7;
      if (length > to.remaining()) {
        overflow = true;
        return false;
      }
      int start = to.position();
      byte kind = (byte) (type >> 12);
      to.putLong(inode).putLong(next).putShort((short) length);
      if (wide) {
        to.put(kind);
      }
      to.put(name.getBytes(ISO_8859_1));
      if (!wide) {
        to.put(start + length - 1, kind);
      }
      to.position(start + length);
      return true;
    }
  }

  private static long getdents(Task task, int fd, long buffer, int size, boolean wide)
      throws ErrnoException {
    try (FileDescription file = task.files().acquireOpen(fd)) {
      int room = size < 0 ? LARGEST_BUFFER : Math.min(size, LARGEST_BUFFER);
      Layout layout = new Layout(room, wide);
      file.readDirectory(layout);
      int length = layout.to.position();
      if (length == 0 && layout.overflow) {
        return -Errno.EINVAL;
      }
      task.memory().write(buffer, layout.bytes, 0, length);
      return length;
    }
  }

  private static long getcwd(Task task, long buffer, long size) throws ErrnoException {
    Location cwd = task.fs().cwd();
    if (cwd.dentry().removed()) {
      return -Errno.ENOENT;
    }
    byte[] path = (task.fs().path(cwd) + '\0').getBytes(ISO_8859_1);
    if (Long.compareUnsigned(path.length, size) > 0) {
      return -Errno.ERANGE;
    }
    task.memory().write(buffer, path);
    return path.length;
  }

  private static void checkDirectory(Task task, Location to) throws ErrnoException {
    if (!to.inode().isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    to.inode().checkPermission(Permission.EXECUTE, task.credentials());
  }

  private static long chdir(Task task, Location to) throws ErrnoException {
    checkDirectory(task, to);
    task.fs().setCwd(to);
    return 0;
  }

  private static long chroot(Task task, Location to) throws ErrnoException {
    checkDirectory(task, to);
    if (!task.credentials().has(Capability.SYS_CHROOT)) {
      return -Errno.EPERM;
    }
    task.fs().setRoot(to);
    return 0;
  }
}
