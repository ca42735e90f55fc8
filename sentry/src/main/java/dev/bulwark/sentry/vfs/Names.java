package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import org.jspecify.annotations.Nullable;

/**
 * Makes and removes names in directories: mkdir(2), mknod(2), symlink(2), link(2), unlink(2) and
 * rmdir(2), with Linux's order of checks.
 */
public final class Names {
  private static final int SETGID = 02000;

  private Names() {}

  /** How a directory's file system makes the inode of a new name. */
  @FunctionalInterface
  private interface Maker {
    Inode make(Inode directory, String name) throws ErrnoException;
  }

  /**
   * What a new file in a directory gets: a set-group-ID directory hands its group on, and its bit
   * to directories.
   *
   * @param mode type and permission bits, the umask taken off
   */
  static NewFile newFile(Inode directory, int mode, Credentials who) throws ErrnoException {
    Attributes above = directory.attributes();
    if ((above.mode() & SETGID) == 0) {
      return new NewFile(mode, who.fsuid(), who.fsgid());
    }
    int bits = mode;
    if ((mode & Attributes.TYPE_MASK) == Attributes.DIRECTORY) {
      bits |= SETGID;
    } else if ((mode & (SETGID | 010)) == (SETGID | 010)
        && !who.inGroup(above.gid())
        && !who.has(Capability.FSETID)) {
      bits &= ~SETGID;
    }
    return new NewFile(bits, who.fsuid(), above.gid());
  }

  /** The regular file that was made, or null when the name is taken. */
  static @Nullable Location createIfMissing(PathWalk.Parent parent, int mode, Credentials who)
      throws ErrnoException {
    Location at = parent.directory();
    Dentry known = at.dentry().remembered(parent.name());
    if (known != null && known.inode() != null && at.dentry().fileSystem().valid(known)) {
      return null;
    }
    Inode directory = at.inode();
    synchronized (directory) {
      Dentry child = at.dentry().childLocked(parent.name());
      if (child.inode() != null) {
        return null;
      }
      mayCreate(at, who);
      Inode made =
          directory.create(parent.name(), newFile(directory, Attributes.REGULAR | mode, who));
      Dentry entered = at.dentry().put(parent.name(), made);
      FileEvents.created(entered);
      return new Location(at.mount(), entered);
    }
  }

  private static void mayCreate(Location directory, Credentials who) throws ErrnoException {
    directory.mount().checkWritable();
    if (directory.dentry().removed()) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    directory.inode().checkPermission(Permission.WRITE | Permission.EXECUTE, who);
  }

  private static Location create(
      PathWalk.Parent parent, boolean isDirectory, Credentials who, Maker maker)
      throws ErrnoException {
    if (!parent.named()) {
      throw ErrnoException.of(Errno.EEXIST);
    }
    Location at = parent.directory();
    Inode directory = at.inode();
    synchronized (directory) {
      if (at.dentry().childLocked(parent.name()).inode() != null) {
        throw ErrnoException.of(Errno.EEXIST);
      }
      if (parent.slash() && !isDirectory) {
        throw ErrnoException.of(Errno.ENOENT);
      }
      mayCreate(at, who);
      Inode made = maker.make(directory, parent.name());
      Dentry entered = at.dentry().put(parent.name(), made);
      FileEvents.created(entered);
      return new Location(at.mount(), entered);
    }
  }

  /**
   * mkdir(2).
   *
   * @param mode permission bits, the umask taken off
   */
  public static Location mkdir(PathWalk walk, String path, int mode) throws ErrnoException {
    Credentials who = walk.credentials();
    return create(
        walk.parent(path),
        true,
        who,
        (directory, name) ->
            directory.mkdir(name, newFile(directory, Attributes.DIRECTORY | (mode & 01777), who)));
  }

  /**
   * mknod(2) of any type.
   *
   * @param mode type and permission bits, the umask taken off
   * @param device number of a device node
   * @throws ErrnoException EPERM for devices without CAP_MKNOD, EINVAL for another type
   */
  public static Location mknod(PathWalk walk, String path, int mode, long device)
      throws ErrnoException {
    Credentials who = walk.credentials();
    int type = mode & Attributes.TYPE_MASK;
    return create(
        walk.parent(path),
        false,
        who,
        (directory, name) -> {
          NewFile file = newFile(directory, mode, who);
          return switch (type) {
            case Attributes.REGULAR -> directory.create(name, file);
            case Attributes.FIFO, Attributes.SOCKET -> directory.mknod(name, 0, file);
            case Attributes.CHARACTER, Attributes.BLOCK -> {
              boolean whiteout = type == Attributes.CHARACTER && device == 0;
              if (!whiteout && !who.has(Capability.MKNOD)) {
                throw ErrnoException.of(Errno.EPERM);
              }
              yield directory.mknod(name, device, file);
            }
            default -> throw ErrnoException.of(Errno.EINVAL);
          };
        });
  }

  /** symlink(2): a link at a path that says a target. */
  public static Location symlink(PathWalk walk, String path, String target) throws ErrnoException {
    Credentials who = walk.credentials();
    return create(
        walk.parent(path),
        false,
        who,
        (directory, name) ->
            directory.symlink(name, target, newFile(directory, Attributes.SYMLINK | 0777, who)));
  }

  /**
   * link(2): another name for a file.
   *
   * @throws ErrnoException EXDEV across mounts, EPERM for a directory
   */
  public static void link(Location old, PathWalk walk, String path) throws ErrnoException {
    Inode target = old.inode();
    create(
        walk.parent(path),
        false,
        walk.credentials(),
        (directory, name) -> {
          if (target.isDirectory()) {
            throw ErrnoException.of(Errno.EPERM);
          }
          directory.link(name, target);
          return target;
        },
        old.mount());
  }

  private static void create(
      PathWalk.Parent parent, boolean isDirectory, Credentials who, Maker maker, Mount mount)
      throws ErrnoException {
    if (!parent.directory().mount().equals(mount)) {
      throw ErrnoException.of(Errno.EXDEV);
    }
    create(parent, isDirectory, who, maker);
  }

  /**
   * Checks whether a name may be taken away.
   *
   * @param isDirectory what it must be
   * @throws ErrnoException EACCES, EPERM, ENOTDIR, EISDIR, EBUSY
   */
  static void mayDelete(Location directory, Dentry child, boolean isDirectory, Credentials who)
      throws ErrnoException {
    Inode inode = child.existing();
    directory.inode().checkPermission(Permission.WRITE | Permission.EXECUTE, who);
    if (Permission.stickyForbids(directory.inode(), inode, who)) {
      throw ErrnoException.of(Errno.EPERM);
    }
    if (isDirectory && !inode.isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    if (!isDirectory && inode.isDirectory()) {
      throw ErrnoException.of(Errno.EISDIR);
    }
    if (directory.dentry().removed()) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    if (child.isMountpoint()) {
      throw ErrnoException.of(Errno.EBUSY);
    }
  }

  /** unlink(2). */
  public static void unlink(PathWalk walk, String path) throws ErrnoException {
    PathWalk.Parent parent = walk.parent(path);
    if (!parent.named()) {
      throw ErrnoException.of(Errno.EISDIR);
    }
    Location at = parent.directory();
    at.mount().checkWritable();
    Inode directory = at.inode();
    synchronized (directory) {
      Dentry child = at.dentry().childLocked(parent.name());
      Inode inode = child.inode();
      if (inode == null) {
        throw ErrnoException.of(Errno.ENOENT);
      }
      if (parent.slash()) {
        throw ErrnoException.of(inode.isDirectory() ? Errno.EISDIR : Errno.ENOTDIR);
      }
      mayDelete(at, child, false, walk.credentials());
      directory.unlink(parent.name(), inode);
      at.dentry().remove(child);
      FileEvents.removed(at.dentry(), child);
    }
  }

  /** rmdir(2). */
  public static void rmdir(PathWalk walk, String path) throws ErrnoException {
    PathWalk.Parent parent = walk.parent(path);
    switch (parent.name()) {
      case "" -> throw ErrnoException.of(Errno.EBUSY);
      case "." -> throw ErrnoException.of(Errno.EINVAL);
      case ".." -> throw ErrnoException.of(Errno.ENOTEMPTY);
      default -> {}
    }
    Location at = parent.directory();
    at.mount().checkWritable();
    Inode directory = at.inode();
    synchronized (directory) {
      Dentry child = at.dentry().childLocked(parent.name());
      Inode inode = child.inode();
      if (inode == null) {
        throw ErrnoException.of(Errno.ENOENT);
      }
      mayDelete(at, child, true, walk.credentials());
      synchronized (inode) {
        directory.rmdir(parent.name(), inode);
        at.dentry().remove(child);
        FileEvents.removed(at.dentry(), child);
      }
    }
  }
}
