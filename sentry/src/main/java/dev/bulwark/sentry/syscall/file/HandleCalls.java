package dev.bulwark.sentry.syscall.file;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.Location;

/** name_to_handle_at(2). */
final class HandleCalls {
  private static final int HANDLE_FID = 0x200;
  private static final int MAX_BYTES = 128;

  /** FILEID_INO64_GEN: an inode number and a generation. */
  private static final int TYPE = 0x81;

  private static final int BYTES = 12;

  private HandleCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.NAME_TO_HANDLE_AT,
        Support.PARTIAL,
        "with AT_HANDLE_FID only, handles that tell files apart; handles to open are EOPNOTSUPP",
        (t, dir, path, handle, mount, flags, _) ->
            handle(t, (int) dir, path, handle, mount, (int) flags));
  }

  private static long handle(
      Task task, int directory, long path, long handle, long mount, int flags)
      throws ErrnoException {
    At.known(flags, At.SYMLINK_FOLLOW | At.EMPTY_PATH | HANDLE_FID);
    int how = flags & At.EMPTY_PATH;
    how |= (flags & At.SYMLINK_FOLLOW) != 0 ? 0 : At.SYMLINK_NOFOLLOW;
    Location at = At.find(task, directory, path, how);
    if ((flags & HANDLE_FID) == 0) {
      return -Errno.EOPNOTSUPP;
    }
    int room = task.memory().getInt(handle);
    if (room < 0 || room > MAX_BYTES) {
      return -Errno.EINVAL;
    }
    task.memory().putInt(mount, at.mount().id());
    task.memory().putInt(handle, BYTES);
    if (room < BYTES) {
      return -Errno.EOVERFLOW;
    }
    task.memory().putInt(handle + 4, TYPE);
    task.memory().putLong(handle + 8, at.inode().attributes().inode());
    task.memory().putInt(handle + 16, 0);
    return 0;
  }
}
