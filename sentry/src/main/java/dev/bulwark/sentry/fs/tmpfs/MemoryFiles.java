package dev.bulwark.sentry.fs.tmpfs;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.Dentry;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.Mount;
import dev.bulwark.sentry.vfs.NewFile;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Opening;

/** The files of memfd_create(2) in one sandbox. Thread-safe. */
public final class MemoryFiles {
  private final Tmpfs fileSystem;
  private final Mount mount;

  /**
   * No files.
   *
   * @param bytes the most that all of them may take
   */
  public MemoryFiles(long bytes) {
    fileSystem = new Tmpfs(bytes, 0700, 0, 0);
    mount = Mount.detached(fileSystem);
  }

  /** Bytes of memory that they take. */
  public long bytesUsed() {
    return fileSystem.bytesUsed();
  }

  /**
   * A new file, open for reading and writing; the caller owns the description.
   *
   * @param name shown in /proc after {@code /memfd:}
   * @param sealable whether seals can be added
   * @param executable whether it has execute bits; when not, they are sealed away
   * @throws ErrnoException ENOSPC
   */
  public FileDescription create(
      String name, Credentials owner, boolean sealable, boolean executable) throws ErrnoException {
    int mode = Attributes.REGULAR | (executable ? 0777 : 0666);
    Inode inode = fileSystem.nameless(new NewFile(mode, owner.fsuid(), owner.fsgid()), sealable);
    if (!executable) {
      inode.addSeals(Seals.EXEC);
    }
    Location at = new Location(mount, Dentry.detached(inode, "/memfd:" + name + " (deleted)"));
    int flags = OpenFlags.RDWR | OpenFlags.LARGEFILE;
    return inode.open(new Opening(at, flags, owner, null));
  }
}
