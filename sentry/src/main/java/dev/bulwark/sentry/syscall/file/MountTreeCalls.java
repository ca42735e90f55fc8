package dev.bulwark.sentry.syscall.file;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.Mount;
import dev.bulwark.sentry.vfs.MountFlags;
import dev.bulwark.sentry.vfs.MountNamespace;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.PathFile;

/** open_tree(2), move_mount(2), mount_setattr(2): mounts by descriptor. */
final class MountTreeCalls {
  private static final int OPEN_TREE_CLONE = 1;
  private static final int RECURSIVE = 0x8000;

  private static final int FROM_SYMLINKS = 0x1;
  private static final int FROM_EMPTY_PATH = 0x4;
  private static final int TO_SYMLINKS = 0x10;
  private static final int TO_EMPTY_PATH = 0x40;

  /** Following symbolic links, automounts and empty paths, each for both sides. */
  private static final int MOVE_FLAGS = 0x77;

  /** The size of struct mount_attr in its first version. */
  private static final int ATTRIBUTES = 32;

  private static final int LARGEST = 4096;

  private static final long NODIRATIME = 0x80;
  private static final long ATIME = 0x70;
  private static final long NOATIME = 0x10;
  private static final long STRICTATIME = 0x20;
  private static final long NOSYMFOLLOW = 0x200000;

  /** The attributes whose values are those of the flags of mount(2). */
  private static final long SAME =
      MountFlags.RDONLY | MountFlags.NOSUID | MountFlags.NODEV | MountFlags.NOEXEC;

  private static final long KNOWN = SAME | ATIME | NODIRATIME | NOSYMFOLLOW;

  private MountTreeCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.OPEN_TREE,
        Support.FULL,
        "",
        (t, fd, path, flags, _, _, _) -> openTree(t, (int) fd, path, (int) flags));
    table.row(
        Sys.MOVE_MOUNT,
        Support.PARTIAL,
        "MOVE_MOUNT_SET_GROUP and MOVE_MOUNT_BENEATH are EINVAL",
        (t, from, fromPath, to, toPath, flags, _) ->
            moveMount(t, (int) from, fromPath, (int) to, toPath, (int) flags));
    table.row(
        Sys.MOUNT_SETATTR,
        Support.PARTIAL,
        "MOUNT_ATTR_IDMAP is EINVAL",
        (t, fd, path, flags, attributes, size, _) ->
            setAttributes(t, (int) fd, path, (int) flags, attributes, size));
  }

  private static void checkAdministrator(Task task) throws ErrnoException {
    if (!task.credentials().has(Capability.SYS_ADMIN)) {
      throw ErrnoException.of(Errno.EPERM);
    }
  }

  /** A copy of a tree of mounts, which is gone with its descriptor unless it was mounted. */
  private static final class TreeFile extends PathFile {
    private final MountNamespace namespace;

    TreeFile(MountNamespace namespace, Mount copy, Credentials opener) {
      super(copy.rootLocation(), 0, opener);
      this.namespace = namespace;
    }

    @Override
    protected void release() {
      super.release();
      namespace.drop(location().mount());
    }
  }

  private static long openTree(Task task, int fd, long path, int flags) throws ErrnoException {
    At.known(
        flags,
        OPEN_TREE_CLONE
            | OpenFlags.CLOEXEC
            | RECURSIVE
            | At.EMPTY_PATH
            | At.NO_AUTOMOUNT
            | At.SYMLINK_NOFOLLOW);
    boolean copies = (flags & OPEN_TREE_CLONE) != 0;
    if (!copies && (flags & RECURSIVE) != 0) {
      return -Errno.EINVAL;
    }
    if (copies) {
      checkAdministrator(task);
    }
    Location at = At.find(task, fd, path, flags);
    PathFile file;
    if (copies) {
      MountNamespace namespace = MountCalls.namespace(at);
      file =
          new TreeFile(namespace, namespace.copy(at, (flags & RECURSIVE) != 0), task.credentials());
    } else {
      file = new PathFile(at, 0, task.credentials());
    }
    return OpenCalls.install(task, file, (flags & OpenFlags.CLOEXEC) != 0);
  }

  private static long moveMount(
      Task task, int fromFd, long fromPath, int toFd, long toPath, int flags)
      throws ErrnoException {
    checkAdministrator(task);
    At.known(flags, MOVE_FLAGS);
    Location from = At.find(task, fromFd, fromPath, path(flags, FROM_SYMLINKS, FROM_EMPTY_PATH));
    Location to = At.find(task, toFd, toPath, path(flags, TO_SYMLINKS, TO_EMPTY_PATH));
    MountCalls.checkRoot(from);
    MountNamespace namespace = MountCalls.namespace(to);
    if (!namespace.equals(from.mount().namespace())) {
      return -Errno.EINVAL;
    }
    namespace.move(from.mount(), to);
    return 0;
  }

  /** Flags of the call as those of a path. */
  private static int path(int flags, int symlinks, int empty) {
    return ((flags & symlinks) == 0 ? At.SYMLINK_NOFOLLOW : 0)
        | ((flags & empty) != 0 ? At.EMPTY_PATH : 0);
  }

  private static long setAttributes(
      Task task, int fd, long path, int flags, long address, long size) throws ErrnoException {
    At.known(flags, At.EMPTY_PATH | RECURSIVE | At.SYMLINK_NOFOLLOW | At.NO_AUTOMOUNT);
    if (size > LARGEST) {
      return -Errno.E2BIG;
    }
    if (size < ATTRIBUTES) {
      return -Errno.EINVAL;
    }
    checkAdministrator(task);
    for (long at = ATTRIBUTES; at < size; at++) {
      if (task.memory().getByte(address + at) != 0) {
        return -Errno.E2BIG;
      }
    }
    long set = task.memory().getLong(address);
    long clear = task.memory().getLong(address + 8);
    long propagation = task.memory().getLong(address + 16);
    if ((set | clear | propagation) == 0) {
      return 0;
    }
    if (((set | clear) & ~KNOWN) != 0) {
      return -Errno.EINVAL;
    }
    int times = times(set, clear);
    boolean spreads = propagation != 0;
    Location at = At.find(task, fd, path, flags);
    MountCalls.checkRoot(at);
    MountNamespace namespace = MountCalls.namespace(at);
    boolean recursive = (flags & RECURSIVE) != 0;
    if (spreads && propagation != (int) propagation) {
      return -Errno.EINVAL;
    }
    var next = spreads ? MountCalls.propagation((int) propagation) : null;
    namespace.change(
        at.mount(),
        (int) (set & SAME) | other(set) | times,
        (int) (clear & SAME) | other(clear) | ((clear & ATIME) != 0 ? TIMES : 0),
        recursive);
    if (next != null) {
      namespace.propagate(at.mount(), next, recursive);
    }
    return 0;
  }

  private static final int TIMES =
      MountFlags.RELATIME | MountFlags.NOATIME | MountFlags.STRICTATIME;

  private static int other(long attributes) {
    return ((attributes & NODIRATIME) != 0 ? MountFlags.NODIRATIME : 0)
        | ((attributes & NOSYMFOLLOW) != 0 ? MountFlags.NOSYMFOLLOW : 0);
  }

  /** Times of access are a choice of one, made by clearing all bits and setting some. */
  private static int times(long set, long clear) throws ErrnoException {
    if ((clear & ATIME) == 0) {
      if ((set & ATIME) != 0) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      return 0;
    }
    if ((clear & ATIME) != ATIME) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return switch ((int) (set & ATIME)) {
      case 0 -> MountFlags.RELATIME;
      case (int) NOATIME -> MountFlags.NOATIME;
      case (int) STRICTATIME -> MountFlags.STRICTATIME;
      default -> throw ErrnoException.of(Errno.EINVAL);
    };
  }
}
