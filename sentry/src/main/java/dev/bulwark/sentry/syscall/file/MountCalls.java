package dev.bulwark.sentry.syscall.file;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.FileSystem;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.Mount;
import dev.bulwark.sentry.vfs.MountFlags;
import dev.bulwark.sentry.vfs.MountNamespace;
import dev.bulwark.sentry.vfs.Propagation;

/** mount(2), umount2(2), pivot_root(2). */
final class MountCalls {
  private static final int MAGIC = 0xc0ed0000;
  private static final int MAGIC_MASK = 0xffff0000;
  private static final int LONGEST_TYPE = 256;
  private static final int PAGE = 4096;
  private static final int PROPAGATION =
      MountFlags.SHARED | MountFlags.SLAVE | MountFlags.PRIVATE | MountFlags.UNBINDABLE;
  private static final int MNT_FORCE = 1;
  private static final int MNT_DETACH = 2;
  private static final int MNT_EXPIRE = 4;
  private static final int UMOUNT_NOFOLLOW = 8;

  private MountCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.MOUNT,
        Support.PARTIAL,
        "what is bound from a shared mount is private, so nothing propagates",
        (t, source, target, type, flags, data, _) ->
            mount(t, source, target, type, (int) flags, data));
    table.row(
        Sys.UMOUNT2,
        Support.FULL,
        "",
        (t, target, flags, _, _, _, _) -> umount(t, target, (int) flags));
    table.row(
        Sys.PIVOT_ROOT,
        Support.FULL,
        "",
        (t, next, putOld, _, _, _, _) -> pivotRoot(t, next, putOld));
  }

  private static String string(Task task, long address, int limit) throws ErrnoException {
    return address == 0 ? "" : task.memory().readString(address, limit, Errno.EINVAL);
  }

  private static long mount(
      Task task, long sourceAddress, long target, long typeAddress, int given, long data)
      throws ErrnoException {
    int flags = (given & MAGIC_MASK) == MAGIC ? given & ~MAGIC_MASK : given;
    String type = string(task, typeAddress, LONGEST_TYPE);
    String source = string(task, sourceAddress, PAGE);
    String options = string(task, data, PAGE);
    Location at = At.find(task, At.FDCWD, target, 0);
    if (!task.credentials().has(Capability.SYS_ADMIN)) {
      return -Errno.EPERM;
    }
    MountNamespace namespace = namespace(at);
    if ((flags & MountFlags.REMOUNT) != 0) {
      return remount(namespace, at, flags, options);
    }
    if ((flags & MountFlags.BIND) != 0) {
      Location from = place(task, source);
      namespace.bind(from, at, (flags & MountFlags.REC) != 0);
      return 0;
    }
    if ((flags & PROPAGATION) != 0) {
      return propagate(namespace, at, flags);
    }
    if ((flags & MountFlags.MOVE) != 0) {
      return move(namespace, place(task, source), at);
    }
    if (typeAddress == 0) {
      return -Errno.EINVAL;
    }
    FileSystem made = task.kernel().fileSystemTypes().make(type, options);
    namespace.mount(at, made.rootDentry(), flags, source.isEmpty() ? "none" : source);
    return 0;
  }

  static MountNamespace namespace(Location at) throws ErrnoException {
    MountNamespace namespace = at.mount().namespace();
    if (namespace == null) {
      throw ErrnoException.of(Errno.EINVAL); // unmounted meanwhile, or never mounted
    }
    return namespace;
  }

  private static Location place(Task task, String path) throws ErrnoException {
    if (path.isEmpty()) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return At.find(task, At.FDCWD, path, 0, task.credentials());
  }

  /** Refuses what is no root of a mount. */
  static void checkRoot(Location at) throws ErrnoException {
    if (!at.dentry().equals(at.mount().root())) {
      throw ErrnoException.of(Errno.EINVAL);
    }
  }

  private static long remount(MountNamespace namespace, Location at, int flags, String options)
      throws ErrnoException {
    checkRoot(at);
    Mount mount = at.mount();
    if ((flags & MountFlags.BIND) == 0) {
      if ((flags & MountFlags.RDONLY) == 0 && mount.fileSystem().readOnly()) {
        return -Errno.EROFS; // the Gofer would refuse it all the same
      }
      mount.fileSystem().remount(options);
    }
    int set = flags & MountFlags.PER_MOUNT;
    // Without a word about times of access, they stay as they are.
    int kept = (set & MountFlags.ATIME) == 0 ? MountFlags.ATIME : 0;
    namespace.change(mount, set, MountFlags.PER_MOUNT & ~kept, false);
    return 0;
  }

  private static long propagate(MountNamespace namespace, Location at, int flags)
      throws ErrnoException {
    if ((flags & ~(PROPAGATION | MountFlags.REC | MountFlags.SILENT)) != 0) {
      return -Errno.EINVAL;
    }
    checkRoot(at);
    boolean recursive = (flags & MountFlags.REC) != 0;
    namespace.propagate(at.mount(), propagation(flags & PROPAGATION), recursive);
    return 0;
  }

  /** A mount without peers that is made a slave becomes private, as on Linux. */
  static Propagation propagation(int flag) throws ErrnoException {
    return switch (flag) {
      case MountFlags.SHARED -> Propagation.SHARED;
      case MountFlags.UNBINDABLE -> Propagation.UNBINDABLE;
      case MountFlags.PRIVATE, MountFlags.SLAVE -> Propagation.PRIVATE;
      default -> throw ErrnoException.of(Errno.EINVAL);
    };
  }

  private static long move(MountNamespace namespace, Location from, Location to)
      throws ErrnoException {
    checkRoot(from);
    namespace.move(from.mount(), to);
    return 0;
  }

  private static long umount(Task task, long target, int flags) throws ErrnoException {
    if ((flags & ~(MNT_FORCE | MNT_DETACH | MNT_EXPIRE | UMOUNT_NOFOLLOW)) != 0) {
      return -Errno.EINVAL;
    }
    int follow = (flags & UMOUNT_NOFOLLOW) != 0 ? At.SYMLINK_NOFOLLOW : 0;
    Location at = At.find(task, At.FDCWD, target, follow);
    if (!task.credentials().has(Capability.SYS_ADMIN)) {
      return -Errno.EPERM;
    }
    checkRoot(at);
    if (at.mount().equals(task.fs().root().mount()) && (flags & MNT_DETACH) == 0) {
      return -Errno.EBUSY;
    }
    if ((flags & MNT_EXPIRE) != 0) {
      if ((flags & (MNT_FORCE | MNT_DETACH)) != 0) {
        return -Errno.EINVAL;
      }
      namespace(at).expire(at.mount());
      return 0;
    }
    namespace(at).unmount(at.mount(), (flags & MNT_DETACH) != 0);
    return 0;
  }

  /** Tasks whose root or working directory was the old root directory go along to the new one. */
  private static long pivotRoot(Task task, long nextPath, long putOldPath) throws ErrnoException {
    if (!task.credentials().has(Capability.SYS_ADMIN)) {
      return -Errno.EPERM;
    }
    Location next = At.find(task, At.FDCWD, nextPath, 0);
    Location putOld = At.find(task, At.FDCWD, putOldPath, 0);
    Location now = task.fs().root();
    namespace(next).pivot(now, next, putOld);
    for (Task each : task.kernel().tasks().all()) {
      each.fs().replace(now, next);
    }
    return 0;
  }
}
