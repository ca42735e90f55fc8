package dev.bulwark.sentry.syscall.file;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.MountFlags;
import dev.bulwark.sentry.vfs.Permission;

/** access(2), faccessat(2). */
final class AccessCalls {
  private static final int SECBIT_NO_SETUID_FIXUP = 4;

  private AccessCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.ACCESS,
        Support.FULL,
        "",
        (t, path, mode, _, _, _, _) -> access(t, At.FDCWD, path, (int) mode, 0));
    table.row(
        Sys.FACCESSAT,
        Support.FULL,
        "",
        (t, dir, path, mode, _, _, _) -> access(t, (int) dir, path, (int) mode, 0));
    table.row(
        Sys.FACCESSAT2,
        Support.FULL,
        "",
        (t, dir, path, mode, flags, _, _) -> access(t, (int) dir, path, (int) mode, (int) flags));
  }

  private static long access(Task task, int directory, long address, int mode, int flags)
      throws ErrnoException {
    if ((mode & ~7) != 0) {
      return -Errno.EINVAL;
    }
    At.known(flags, At.EACCESS | At.SYMLINK_NOFOLLOW | At.EMPTY_PATH);
    Credentials who = (flags & At.EACCESS) != 0 ? task.credentials() : real(task.credentials());
    String path = task.memory().readPath(address);
    Location found = At.find(task, directory, path, flags, who);
    if (mode == 0) {
      return 0;
    }
    Inode inode = found.inode();
    if ((mode & Permission.EXECUTE) != 0
        && inode.isRegular()
        && found.mount().has(MountFlags.NOEXEC)) {
      return -Errno.EACCES;
    }
    inode.checkPermission(mode, who);
    boolean stored = inode.isRegular() || inode.isDirectory() || inode.isSymlink();
    if ((mode & Permission.WRITE) != 0 && stored) {
      found.mount().checkWritable();
    }
    return 0;
  }

  /**
   * Who a set-user-ID program was started by: its real identities, and what they are capable of.
   */
  private static Credentials real(Credentials who) {
    Credentials real =
        who.withUsers(who.uid(), who.euid(), who.suid(), who.uid())
            .withGroups(who.gid(), who.egid(), who.sgid(), who.gid());
    if ((who.securebits() & SECBIT_NO_SETUID_FIXUP) != 0) {
      return real;
    }
    long effective = who.uid() == 0 ? who.permitted() : 0;
    return real.withCapabilities(
        who.permitted(), effective, who.inheritable(), who.bounding(), who.ambient());
  }
}
