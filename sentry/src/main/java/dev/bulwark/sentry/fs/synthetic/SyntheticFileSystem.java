package dev.bulwark.sentry.fs.synthetic;

import dev.bulwark.sentry.vfs.Dentry;
import dev.bulwark.sentry.vfs.FileSystem;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.Statfs;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file system that the kernel writes. A name is remembered as long as its inode says that it is
 * {@linkplain SyntheticInode#alive alive}; that a name is free is never remembered.
 */
public abstract class SyntheticFileSystem extends FileSystem {
  private final long magic;
  private final AtomicLong lastNumber = new AtomicLong();

  /**
   * A file system.
   *
   * @param type its name in /proc/filesystems
   * @param magic its number in statfs(2)
   */
  protected SyntheticFileSystem(String type, long magic) {
    super(type, 4096);
    this.magic = magic;
  }

  /** A number for an inode that was not given before. */
  public final long nextNumber() {
    return lastNumber.incrementAndGet();
  }

  @Override
  public Statfs statfs() {
    return Statfs.sizeless(magic);
  }

  @Override
  protected boolean cachesAbsence() {
    return false;
  }

  @Override
  protected boolean valid(Dentry name) {
    Inode inode = name.inode();
    return inode != null && (!(inode instanceof SyntheticInode made) || made.alive());
  }
}
