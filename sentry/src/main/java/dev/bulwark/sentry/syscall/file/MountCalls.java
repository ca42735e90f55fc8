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

/** mount(2), umount2(2). */
final class MountCalls {
  private static final int MAGIC = 0xc0ed0000;
  private static final int MAGIC_MASK = 0xffff0000;
  private static final int LONGEST_TYPE = 256;
  private static final int PAGE = 4096;
  private static final int PROPAGATION =
      MountFlags.SHARED | MountFlags.SLAVE | MountFlags.PRIVATE | MountFlags.UNBINDABLE;
  private static final int MNT_FORCE = 1;
  private static final int MNT_DETACH = 2;
  private static final int UMOUNT_NOFOLLOW = 8;

  private MountCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.MOUNT,
        Support.PARTIAL,
        "all mounts are private: MS_SHARED and MS_UNBINDABLE are EINVAL",
        (t, source, target, type, flags, data, _) ->
            mount(t, source, target, type, (int) flags, data));
    table.row(
        Sys.UMOUNT2,
        Support.PARTIAL,
        "MNT_EXPIRE is EINVAL",
        (t, target, flags, _, _, _, _) -> umount(t, target, (int) flags));
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
      return propagate(at, flags);
    }
    if ((flags & MountFlags.MOVE) != 0) {
      return move(namespace, place(task, source), at);
    }
    if (typeAddress == 0) {
      return -Errno.EINVAL;
    }
    FileSystem made = task.kernel().fileSystemTypes().make(type, options);
    namespace.mount(at, made.rootDentry(), perMount(flags), source.isEmpty() ? "none" : source);
    return 0;
  }

  private static MountNamespace namespace(Location at) throws ErrnoException {
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

  /** Without another wish, accesses are noted by the rules of relatime. */
  private static int perMount(int flags) {
    int kept = flags & MountFlags.PER_MOUNT;
    return (kept & (MountFlags.NOATIME | MountFlags.STRICTATIME)) == 0
        ? kept | MountFlags.RELATIME
        : kept & ~MountFlags.STRICTATIME;
  }

  private static void checkRoot(Location at) throws ErrnoException {
    if (!at.dentry().equals(at.mount().root())) {
      throw ErrnoException.of(Errno.EINVAL);
    }
  }

  private static long remount(MountNamespace namespace, Location at, int flags, String options)
      throws ErrnoException {
    checkRoot(at);
    Mount mount = at.mount();
    if ((flags & MountFlags.BIND) == 0) {
      mount.fileSystem().remount(options);
    }
    namespace.setFlags(mount, perMount(flags));
    return 0;
  }

  private static long propagate(Location at, int flags) throws ErrnoException {
    if (Integer.bitCount(flags & PROPAGATION) != 1
        || (flags & ~(PROPAGATION | MountFlags.REC | MountFlags.SILENT)) != 0) {
      return -Errno.EINVAL;
    }
    checkRoot(at);
    // A mount without peers that is made a slave stays private, as on Linux.
    return (flags & (MountFlags.PRIVATE | MountFlags.SLAVE)) != 0 ? 0 : -Errno.EINVAL;
  }

  private static long move(MountNamespace namespace, Location from, Location to)
      throws ErrnoException {
    checkRoot(from);
    namespace.move(from.mount(), to);
    return 0;
  }

  private static long umount(Task task, long target, int flags) throws ErrnoException {
    if ((flags & ~(MNT_FORCE | MNT_DETACH | UMOUNT_NOFOLLOW)) != 0) {
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
    namespace(at).unmount(at.mount(), (flags & MNT_DETACH) != 0);
    return 0;
  }
}
