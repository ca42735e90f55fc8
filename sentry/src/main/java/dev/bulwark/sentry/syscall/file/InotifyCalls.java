package dev.bulwark.sentry.syscall.file;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.fs.inotify.InotifyFile;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Permission;

/** inotify_init1(2), inotify_add_watch(2), inotify_rm_watch(2). */
final class InotifyCalls {
  private static final int IN_ONLYDIR = 0x01000000;
  private static final int IN_DONT_FOLLOW = 0x02000000;
  private static final int IN_EXCL_UNLINK = 0x04000000;
  private static final int IN_ONESHOT = 0x80000000;
  private static final int KNOWN =
      InotifyFile.ALL_EVENTS
          | InotifyFile.MASK_ADD
          | InotifyFile.MASK_CREATE
          | IN_ONLYDIR
          | IN_DONT_FOLLOW
          | IN_EXCL_UNLINK
          | IN_ONESHOT
          | 0x2000 // IN_UNMOUNT
          | 0x4000 // IN_Q_OVERFLOW
          | 0x8000 // IN_IGNORED
          | 0x40000000; // IN_ISDIR

  private InotifyCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(Sys.INOTIFY_INIT, Support.FULL, "", (t, _, _, _, _, _, _) -> init(t, 0));
    table.row(
        Sys.INOTIFY_INIT1, Support.FULL, "", (t, flags, _, _, _, _, _) -> init(t, (int) flags));
    table.row(
        Sys.INOTIFY_ADD_WATCH,
        Support.PARTIAL,
        "of what others read, open and close in trees shared with the host nothing is heard",
        (t, fd, path, mask, _, _, _) -> add(t, (int) fd, path, (int) mask));
    table.row(
        Sys.INOTIFY_RM_WATCH,
        Support.FULL,
        "",
        (t, fd, watch, _, _, _, _) -> remove(t, (int) fd, (int) watch));
  }

  private static long init(Task task, int flags) throws ErrnoException {
    At.known(flags, OpenFlags.NONBLOCK | OpenFlags.CLOEXEC);
    InotifyFile file = InotifyFile.create(flags & OpenFlags.NONBLOCK);
    return OpenCalls.install(task, file, (flags & OpenFlags.CLOEXEC) != 0);
  }

  private static long add(Task task, int fd, long path, int mask) throws ErrnoException {
    int both = InotifyFile.MASK_ADD | InotifyFile.MASK_CREATE;
    if ((mask & KNOWN) == 0) {
      return -Errno.EINVAL;
    }
    try (FileDescription file = task.files().acquireOpen(fd)) {
      if ((mask & both) == both || !(file instanceof InotifyFile queue)) {
        return -Errno.EINVAL;
      }
      int follow = (mask & IN_DONT_FOLLOW) != 0 ? At.SYMLINK_NOFOLLOW : 0;
      Location at = At.find(task, At.FDCWD, path, follow);
      if ((mask & IN_ONLYDIR) != 0 && !at.inode().isDirectory()) {
        return -Errno.ENOTDIR;
      }
      at.inode().checkPermission(Permission.READ, task.credentials());
      return queue.watch(at, mask & (InotifyFile.ALL_EVENTS | both | IN_ONESHOT));
    }
  }

  private static long remove(Task task, int fd, int watch) throws ErrnoException {
    try (FileDescription file = task.files().acquireOpen(fd)) {
      if (!(file instanceof InotifyFile queue)) {
        return -Errno.EINVAL;
      }
      queue.unwatch(watch);
      return 0;
    }
  }
}
