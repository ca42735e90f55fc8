package dev.bulwark.sentry.syscall.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileEvents;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.Permission;

/** Extended attributes: setxattr(2), getxattr(2), listxattr(2), removexattr(2), in three forms. */
final class XattrCalls {
  private static final int NAME_MAX = 255;
  private static final int SIZE_MAX = 65536;
  private static final int FLAGS_KNOWN = 3;
  private static final int STICKY = 01000;
  private static final int NOFOLLOW = At.SYMLINK_NOFOLLOW;

  private XattrCalls() {}

  static void rows(SyscallTable.Builder table) {
    String note = "system. (access control lists) is EOPNOTSUPP";
    table.row(
        Sys.SETXATTR,
        Support.PARTIAL,
        note,
        (t, path, name, value, size, flags, _) ->
            set(t, At.find(t, At.FDCWD, path, 0), name, value, size, (int) flags));
    table.row(
        Sys.LSETXATTR,
        Support.PARTIAL,
        note,
        (t, path, name, value, size, flags, _) ->
            set(t, At.find(t, At.FDCWD, path, NOFOLLOW), name, value, size, (int) flags));
    table.row(
        Sys.FSETXATTR,
        Support.PARTIAL,
        note,
        (t, fd, name, value, size, flags, _) ->
            set(t, ModeCalls.open(t, (int) fd), name, value, size, (int) flags));
    table.row(
        Sys.GETXATTR,
        Support.FULL,
        "",
        (t, path, name, value, size, _, _) ->
            get(t, At.find(t, At.FDCWD, path, 0), name, value, size));
    table.row(
        Sys.LGETXATTR,
        Support.FULL,
        "",
        (t, path, name, value, size, _, _) ->
            get(t, At.find(t, At.FDCWD, path, NOFOLLOW), name, value, size));
    table.row(
        Sys.FGETXATTR,
        Support.FULL,
        "",
        (t, fd, name, value, size, _, _) -> get(t, ModeCalls.open(t, (int) fd), name, value, size));
    table.row(
        Sys.LISTXATTR,
        Support.FULL,
        "",
        (t, path, list, size, _, _, _) -> list(t, At.find(t, At.FDCWD, path, 0), list, size));
    table.row(
        Sys.LLISTXATTR,
        Support.FULL,
        "",
        (t, path, list, size, _, _, _) ->
            list(t, At.find(t, At.FDCWD, path, NOFOLLOW), list, size));
    table.row(
        Sys.FLISTXATTR,
        Support.FULL,
        "",
        (t, fd, list, size, _, _, _) -> list(t, ModeCalls.open(t, (int) fd), list, size));
    table.row(
        Sys.REMOVEXATTR,
        Support.FULL,
        "",
        (t, path, name, _, _, _, _) -> remove(t, At.find(t, At.FDCWD, path, 0), name));
    table.row(
        Sys.LREMOVEXATTR,
        Support.FULL,
        "",
        (t, path, name, _, _, _, _) -> remove(t, At.find(t, At.FDCWD, path, NOFOLLOW), name));
    table.row(
        Sys.FREMOVEXATTR,
        Support.FULL,
        "",
        (t, fd, name, _, _, _, _) -> remove(t, ModeCalls.open(t, (int) fd), name));
  }

  private static String name(Task task, long address) throws ErrnoException {
    String name = task.memory().readString(address, NAME_MAX + 1, Errno.ERANGE);
    if (name.isEmpty()) {
      throw ErrnoException.of(Errno.ERANGE);
    }
    return name;
  }

  private static long set(
      Task task, Location at, long nameAddress, long value, long size, int flags)
      throws ErrnoException {
    if ((flags & ~FLAGS_KNOWN) != 0) {
      return -Errno.EINVAL;
    }
    String name = name(task, nameAddress);
    if (Long.compareUnsigned(size, SIZE_MAX) > 0) {
      return -Errno.E2BIG;
    }
    byte[] bytes = task.memory().readBytes(value, (int) size);
    at.mount().checkWritable();
    checkChange(at.inode(), name, task.credentials());
    at.inode().setXattr(name, bytes, flags);
    FileEvents.attributes(at.dentry());
    return 0;
  }

  private static long get(Task task, Location at, long nameAddress, long value, long size)
      throws ErrnoException {
    String name = name(task, nameAddress);
    checkUse(at.inode(), name, task.credentials());
    return give(task, at.inode().getXattr(name), value, size);
  }

  private static long give(Task task, byte[] bytes, long address, long size) throws ErrnoException {
    if (size == 0) {
      return bytes.length;
    }
    if (Long.compareUnsigned(bytes.length, size) > 0) {
      return -Errno.ERANGE;
    }
    task.memory().write(address, bytes);
    return bytes.length;
  }

  private static long list(Task task, Location at, long address, long size) throws ErrnoException {
    StringBuilder names = new StringBuilder();
    for (String name : at.inode().listXattr()) {
      if (!name.startsWith("trusted.") || task.credentials().has(Capability.SYS_ADMIN)) {
        names.append(name).append('\0');
      }
    }
    return give(task, names.toString().getBytes(ISO_8859_1), address, size);
  }

  private static long remove(Task task, Location at, long nameAddress) throws ErrnoException {
    String name = name(task, nameAddress);
    at.mount().checkWritable();
    checkChange(at.inode(), name, task.credentials());
    at.inode().removeXattr(name);
    FileEvents.attributes(at.dentry());
    return 0;
  }

  /** Which names there are, and who may read those (xattr(7)). */
  private static void checkUse(Inode inode, String name, Credentials who) throws ErrnoException {
    int dot = name.indexOf('.');
    switch (dot < 0 ? "" : name.substring(0, dot)) {
      case "user" -> {
        if (!inode.isRegular() && !inode.isDirectory()) {
          throw ErrnoException.of(Errno.ENODATA);
        }
        inode.checkPermission(Permission.READ, who);
      }
      case "trusted" -> {
        if (!who.has(Capability.SYS_ADMIN)) {
          throw ErrnoException.of(Errno.ENODATA);
        }
      }
      case "security" -> {}
      default -> throw ErrnoException.of(Errno.EOPNOTSUPP);
    }
    checkSuffix(name, dot);
  }

  private static void checkChange(Inode inode, String name, Credentials who) throws ErrnoException {
    int dot = name.indexOf('.');
    switch (dot < 0 ? "" : name.substring(0, dot)) {
      case "user" -> {
        if (!inode.isRegular() && !inode.isDirectory()) {
          throw ErrnoException.of(Errno.EPERM);
        }
        Attributes now = inode.attributes();
        if (now.isDirectory() && (now.mode() & STICKY) != 0 && !Permission.owns(now.uid(), who)) {
          throw ErrnoException.of(Errno.EPERM);
        }
        inode.checkPermission(Permission.WRITE, who);
      }
      case "trusted" -> require(who, Capability.SYS_ADMIN);
      case "security" ->
          require(
              who, name.equals("security.capability") ? Capability.SETFCAP : Capability.SYS_ADMIN);
      default -> throw ErrnoException.of(Errno.EOPNOTSUPP);
    }
    checkSuffix(name, dot);
  }

  private static void require(Credentials who, int capability) throws ErrnoException {
    if (!who.has(capability)) {
      throw ErrnoException.of(Errno.EPERM);
    }
  }

  private static void checkSuffix(String name, int dot) throws ErrnoException {
    if (dot == name.length() - 1) {
      throw ErrnoException.of(Errno.EINVAL);
    }
  }
}
