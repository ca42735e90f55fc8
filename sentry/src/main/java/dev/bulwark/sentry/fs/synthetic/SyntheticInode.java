package dev.bulwark.sentry.fs.synthetic;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.AttributeChange;
import dev.bulwark.sentry.vfs.MemoryInode;
import dev.bulwark.sentry.vfs.NewFile;

/** A file that the kernel writes. Its attributes cannot be changed; truncation is ignored. */
public abstract class SyntheticInode extends MemoryInode {
  /**
   * An inode with a new number.
   *
   * @param mode type and permission bits
   * @param uid owner
   * @param gid group
   */
  protected SyntheticInode(SyntheticFileSystem fileSystem, int mode, int uid, int gid) {
    super(fileSystem, fileSystem.nextNumber(), new NewFile(mode, uid, gid));
  }

  /** Whether what it tells of still exists; its name is looked up anew when it does not. */
  protected boolean alive() {
    return true;
  }

  @Override
  public void touchAccessed() {}

  /** Ignores a change of size alone, which {@code echo value > file} asks for. */
  @Override
  public synchronized void setAttributes(AttributeChange change) throws ErrnoException {
    if (change.valid() != AttributeChange.SIZE) {
      throw ErrnoException.of(Errno.EPERM);
    }
  }
}
