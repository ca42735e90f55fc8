package dev.bulwark.sentry.syscall.file;

import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.AttributeRules;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Location;

/** chmod(2) and chown(2) in all forms. */
final class ModeCalls {
  private ModeCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.CHMOD,
        Support.FULL,
        "",
        (t, path, mode, _, _, _, _) -> chmod(t, At.find(t, At.FDCWD, path, 0), (int) mode));
    table.row(
        Sys.FCHMOD,
        Support.FULL,
        "",
        (t, fd, mode, _, _, _, _) -> chmod(t, open(t, (int) fd), (int) mode));
    table.row(
        Sys.FCHMODAT,
        Support.FULL,
        "",
        (t, dir, path, mode, _, _, _) -> chmod(t, At.find(t, (int) dir, path, 0), (int) mode));
    table.row(
        Sys.FCHMODAT2,
        Support.FULL,
        "",
        (t, dir, path, mode, flags, _, _) ->
            chmod(t, find(t, (int) dir, path, (int) flags), (int) mode));
    table.row(
        Sys.CHOWN,
        Support.FULL,
        "",
        (t, path, uid, gid, _, _, _) ->
            chown(t, At.find(t, At.FDCWD, path, 0), (int) uid, (int) gid));
    table.row(
        Sys.LCHOWN,
        Support.FULL,
        "",
        (t, path, uid, gid, _, _, _) ->
            chown(t, At.find(t, At.FDCWD, path, At.SYMLINK_NOFOLLOW), (int) uid, (int) gid));
    table.row(
        Sys.FCHOWN,
        Support.FULL,
        "",
        (t, fd, uid, gid, _, _, _) -> chown(t, open(t, (int) fd), (int) uid, (int) gid));
    table.row(
        Sys.FCHOWNAT,
        Support.FULL,
        "",
        (t, dir, path, uid, gid, flags, _) ->
            chown(t, find(t, (int) dir, path, (int) flags), (int) uid, (int) gid));
  }

  /** Where the file of a descriptor is that is more than a place. */
  static Location open(Task task, int fd) throws ErrnoException {
    try (FileDescription file = task.files().acquireOpen(fd)) {
      return file.location();
    }
  }

  private static Location find(Task task, int directory, long path, int flags)
      throws ErrnoException {
    At.known(flags, At.SYMLINK_NOFOLLOW | At.EMPTY_PATH);
    return At.find(task, directory, path, flags);
  }

  private static long chmod(Task task, Location at, int mode) throws ErrnoException {
    AttributeRules.chmod(at, mode, task.credentials());
    return 0;
  }

  private static long chown(Task task, Location at, int uid, int gid) throws ErrnoException {
    AttributeRules.chown(at, uid, gid, task.credentials());
    return 0;
  }
}
