package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import org.jspecify.annotations.Nullable;

/** renameat2(2). */
public final class Renaming {
  private final PathWalk.Parent from;
  private final PathWalk.Parent to;
  private final Credentials who;
  private final int flags;

  private Renaming(PathWalk.Parent from, PathWalk.Parent to, Credentials who, int flags) {
    this.from = from;
    this.to = to;
    this.who = who;
    this.flags = flags;
  }

  /**
   * Renames.
   *
   * @param flags of {@link Rename}
   * @throws ErrnoException EINVAL, EBUSY, EXDEV, EEXIST, ENOTEMPTY and others
   */
  public static void rename(
      PathWalk oldWalk, String oldPath, PathWalk newWalk, String newPath, int flags)
      throws ErrnoException {
    if ((flags & ~(Rename.NOREPLACE | Rename.EXCHANGE | Rename.WHITEOUT)) != 0
        || ((flags & Rename.EXCHANGE) != 0
            && (flags & (Rename.NOREPLACE | Rename.WHITEOUT)) != 0)) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if ((flags & Rename.WHITEOUT) != 0 && !oldWalk.credentials().has(Capability.MKNOD)) {
      throw ErrnoException.of(Errno.EPERM);
    }
    PathWalk.Parent from = oldWalk.parent(oldPath);
    PathWalk.Parent to = newWalk.parent(newPath);
    if (!from.directory().mount().equals(to.directory().mount())) {
      throw ErrnoException.of(Errno.EXDEV);
    }
    if (!from.named()) {
      throw ErrnoException.of(Errno.EBUSY);
    }
    if (!to.named()) {
      throw ErrnoException.of((flags & Rename.NOREPLACE) != 0 ? Errno.EEXIST : Errno.EBUSY);
    }
    from.directory().mount().checkWritable();
    new Renaming(from, to, oldWalk.credentials(), flags).lock();
  }

  /** Takes the monitors of both directories, the upper one first. */
  private void lock() throws ErrnoException {
    Dentry oldDirectory = from.directory().dentry();
    Dentry newDirectory = to.directory().dentry();
    if (oldDirectory.equals(newDirectory)) {
      synchronized (oldDirectory.existing()) {
        look();
      }
      return;
    }
    FileSystem fileSystem = oldDirectory.fileSystem();
    fileSystem.renames().lock();
    try {
      boolean oldFirst = newDirectory.isBelow(oldDirectory);
      Inode first = (oldFirst ? oldDirectory : newDirectory).existing();
      Inode second = (oldFirst ? newDirectory : oldDirectory).existing();
      synchronized (first) {
        synchronized (second) {
          look();
        }
      }
    } finally {
      fileSystem.renames().unlock();
    }
  }

  private boolean exchange() {
    return (flags & Rename.EXCHANGE) != 0;
  }

  private void look() throws ErrnoException {
    Dentry oldDirectory = from.directory().dentry();
    Dentry newDirectory = to.directory().dentry();
    Dentry source = oldDirectory.childLocked(from.name());
    Inode moved = source.inode();
    if (moved == null) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    Dentry target = newDirectory.childLocked(to.name());
    Inode replaced = target.inode();
    if (replaced != null && (flags & Rename.NOREPLACE) != 0) {
      throw ErrnoException.of(Errno.EEXIST);
    }
    if (exchange()) {
      if (replaced == null) {
        throw ErrnoException.of(Errno.ENOENT);
      }
      if (!replaced.isDirectory() && to.slash()) {
        throw ErrnoException.of(Errno.ENOTDIR);
      }
    }
    if (!moved.isDirectory() && (from.slash() || (!exchange() && to.slash()))) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    if (newDirectory.isBelow(source)) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (replaced != null && oldDirectory.isBelow(target)) {
      throw ErrnoException.of(exchange() ? Errno.EINVAL : Errno.ENOTEMPTY);
    }
    if (moved.equals(replaced)) {
      return; // two names of one file: nothing to do, by POSIX
    }
    check(source, moved, target, replaced);
    if (replaced != null && replaced.isDirectory()) {
      synchronized (replaced) {
        move(source, moved, target, replaced);
      }
    } else {
      move(source, moved, target, replaced);
    }
  }

  private void check(Dentry source, Inode moved, Dentry target, @Nullable Inode replaced)
      throws ErrnoException {
    Names.mayDelete(from.directory(), source, moved.isDirectory(), who);
    if (replaced == null) {
      if (to.directory().dentry().removed()) {
        throw ErrnoException.of(Errno.ENOENT);
      }
      to.directory().inode().checkPermission(Permission.WRITE | Permission.EXECUTE, who);
    } else {
      boolean directory = exchange() ? replaced.isDirectory() : moved.isDirectory();
      Names.mayDelete(to.directory(), target, directory, who);
    }
    if (!from.directory().dentry().equals(to.directory().dentry())) {
      // A directory that moves gets another "..": that is a change of the directory itself.
      if (moved.isDirectory()) {
        moved.checkPermission(Permission.WRITE, who);
      }
      if (exchange() && replaced != null && replaced.isDirectory()) {
        replaced.checkPermission(Permission.WRITE, who);
      }
    }
  }

  private void move(Dentry source, Inode moved, Dentry target, @Nullable Inode replaced)
      throws ErrnoException {
    Dentry oldDirectory = from.directory().dentry();
    Dentry newDirectory = to.directory().dentry();
    oldDirectory
        .existing()
        .rename(from.name(), moved, newDirectory.existing(), to.name(), replaced, flags);
    if (exchange()) {
      source.move(newDirectory, to.name());
      target.move(oldDirectory, from.name());
      FileEvents.moved(newDirectory, to.name(), target);
    } else {
      newDirectory.remove(target);
      source.move(newDirectory, to.name());
      if (replaced != null) {
        FileEvents.removed(newDirectory, target);
      }
    }
    FileEvents.moved(oldDirectory, from.name(), source);
    if (moved.isDirectory() || (replaced != null && replaced.isDirectory())) {
      MountNamespace.CHANGES.incrementAndGet();
    }
  }
}
