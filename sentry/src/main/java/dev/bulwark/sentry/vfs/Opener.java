package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Task;
import org.jspecify.annotations.Nullable;

/** Opens files by path: open(2) but for the descriptor. */
public final class Opener {
  private final PathWalk walk;
  private final Credentials credentials;
  private final @Nullable Task task;

  /**
   * Opens along a walk.
   *
   * @param task who opens; null inside the kernel
   */
  public Opener(PathWalk walk, @Nullable Task task) {
    this.walk = walk;
    this.credentials = walk.credentials();
    this.task = task;
  }

  /**
   * Opens, and makes the file when {@code O_CREAT} asks for it.
   *
   * @param flags of {@link OpenFlags}
   * @param mode permission bits of a new file, the umask taken off
   * @return a description that the caller owns
   */
  public FileDescription open(String path, int flags, int mode) throws ErrnoException {
    if ((flags & OpenFlags.PATH) != 0) {
      return openPlace(path, flags);
    }
    if ((flags & OpenFlags.TMPFILE) == OpenFlags.TMPFILE) {
      return openNameless(path, flags, mode);
    }
    if ((flags & OpenFlags.CREAT) != 0) {
      return openOrCreate(path, flags, mode);
    }
    return openFound(walk.find(path, (flags & OpenFlags.NOFOLLOW) == 0), flags);
  }

  private FileDescription openPlace(String path, int flags) throws ErrnoException {
    Location found = walk.find(path, (flags & OpenFlags.NOFOLLOW) == 0);
    if ((flags & OpenFlags.DIRECTORY) != 0 && !found.inode().isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    return new PathFile(found, flags, walk.credentials());
  }

  private FileDescription openNameless(String path, int flags, int mode) throws ErrnoException {
    Location directory = walk.find(path, true);
    Inode above = directory.inode();
    if (!above.isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    directory.mount().checkWritable();
    above.checkPermission(Permission.WRITE | Permission.EXECUTE, credentials);
    Inode made = above.createNameless(Names.newFile(above, Attributes.REGULAR | mode, credentials));
    String prefix = PathName.of(directory);
    String name =
        (prefix.equals("/") ? "" : prefix) + "/#" + made.attributes().inode() + " (deleted)";
    Location location = new Location(directory.mount(), Dentry.detached(made, name));
    return made.open(new Opening(location, flags & ~OpenFlags.DIRECTORY, credentials, task));
  }

  private FileDescription openOrCreate(String path, int flags, int mode) throws ErrnoException {
    PathWalk.Parent parent = walk.parent(path);
    while (true) {
      if (!parent.named()) {
        throw ErrnoException.of((flags & OpenFlags.EXCL) != 0 ? Errno.EEXIST : Errno.EISDIR);
      }
      if (parent.slash()) {
        throw ErrnoException.of(Errno.EISDIR);
      }
      Location made = Names.createIfMissing(parent, mode, credentials);
      if (made != null) {
        return made.inode().open(new Opening(made, flags, credentials, task));
      }
      if ((flags & OpenFlags.EXCL) != 0) {
        throw ErrnoException.of(Errno.EEXIST);
      }
      Location found = walk.child(parent);
      Inode inode = found.dentry().inode();
      if (inode == null) {
        continue; // removed again between the two looks
      }
      if (!inode.isSymlink() || (flags & OpenFlags.NOFOLLOW) != 0) {
        return openFound(found, flags);
      }
      Location magic = walk.magic(inode);
      if (magic != null) {
        return openFound(magic, flags);
      }
      parent = walk.through(parent, inode);
    }
  }

  /**
   * Opens what was found, after the checks that open(2) makes of an existing file.
   *
   * @throws ErrnoException ELOOP, EISDIR, ENOTDIR, EACCES, EROFS, EPERM, ETXTBSY, and what the file
   *     answers
   */
  public FileDescription openFound(Location found, int flags) throws ErrnoException {
    Inode inode = found.inode();
    int mode = flags & OpenFlags.ACCESS_MODE;
    boolean create = (flags & OpenFlags.CREAT) != 0;
    boolean truncate = (flags & OpenFlags.TRUNC) != 0 && inode.isRegular();
    if ((flags & OpenFlags.DIRECTORY) != 0 && !inode.isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    int wanted =
        switch (mode) {
          case OpenFlags.RDONLY -> Permission.READ;
          case OpenFlags.WRONLY -> Permission.WRITE;
          default -> Permission.READ | Permission.WRITE;
        };
    if ((flags & OpenFlags.TRUNC) != 0) {
      wanted |= Permission.WRITE;
    }
    boolean writes = (wanted & Permission.WRITE) != 0;
    switch (inode.type()) {
      case Attributes.SYMLINK -> throw ErrnoException.of(Errno.ELOOP);
      case Attributes.DIRECTORY -> {
        if (create || writes) {
          throw ErrnoException.of(Errno.EISDIR);
        }
      }
      case Attributes.CHARACTER, Attributes.BLOCK -> {
        if (found.mount().has(MountFlags.NODEV)) {
          throw ErrnoException.of(Errno.EACCES);
        }
      }
      default -> {}
    }
    if (writes && inode.isRegular()) {
      found.mount().checkWritable();
    }
    inode.checkPermission(wanted, credentials);
    if ((flags & OpenFlags.NOATIME) != 0
        && !Permission.owns(inode.attributes().uid(), credentials)) {
      throw ErrnoException.of(Errno.EPERM);
    }
    if (!writes || !inode.isRegular()) {
      return inode.open(new Opening(found, flags, credentials, task));
    }
    if (!inode.writeAccess().tryWrite()) {
      throw ErrnoException.of(Errno.ETXTBSY);
    }
    try {
      return openToWrite(found, flags, truncate);
    } finally {
      inode.writeAccess().endWrite(); // the description counts for itself
    }
  }

  private FileDescription openToWrite(Location found, int flags, boolean truncate)
      throws ErrnoException {
    Inode inode = found.inode();
    FileDescription file = inode.open(new Opening(found, flags, credentials, task));
    if (truncate) {
      try {
        truncate(inode);
      } catch (ErrnoException e) {
        file.close();
        throw e;
      }
    }
    return file;
  }

  private void truncate(Inode inode) throws ErrnoException {
    AttributeChange change = AttributeChange.ofSize(0);
    int now = inode.attributes().mode();
    int stripped = InodeFile.stripped(now);
    if (stripped != now && !credentials.has(Capability.FSETID)) {
      change = change.withMode(stripped);
    }
    inode.setAttributes(change);
  }

  /**
   * Opens a program for execve(2).
   *
   * @throws ErrnoException EACCES for what is no regular file, may not be executed, or lies on a
   *     noexec mount
   */
  public FileDescription openProgram(Location found) throws ErrnoException {
    Inode inode = found.inode();
    if (inode.isSymlink()) {
      throw ErrnoException.of(Errno.ELOOP);
    }
    if (!inode.isRegular() || found.mount().has(MountFlags.NOEXEC)) {
      throw ErrnoException.of(Errno.EACCES);
    }
    inode.checkPermission(Permission.EXECUTE, credentials);
    return inode.open(new Opening(found, OpenFlags.RDONLY, credentials, task));
  }
}
