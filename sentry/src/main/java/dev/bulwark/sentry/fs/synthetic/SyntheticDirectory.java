package dev.bulwark.sentry.fs.synthetic;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.DirectoryEntry;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.Opening;
import dev.bulwark.sentry.vfs.SnapshotDirectory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A directory whose names are computed. */
public abstract class SyntheticDirectory extends SyntheticInode {
  /**
   * A directory.
   *
   * @param permissions its permission bits
   */
  protected SyntheticDirectory(SyntheticFileSystem fileSystem, int permissions, int uid, int gid) {
    super(fileSystem, Attributes.DIRECTORY | permissions, uid, gid);
  }

  /** The inode of a name, or null. Asked again when the last answer is not alive any more. */
  @Override
  public abstract @Nullable Inode lookup(String name) throws ErrnoException;

  /** All names, in the order of listing; without {@code .} and {@code ..}. */
  protected abstract List<DirectoryEntry> entries() throws ErrnoException;

  @Override
  public FileDescription open(Opening opening) {
    return new SnapshotDirectory(opening) {
      @Override
      protected List<DirectoryEntry> entries() throws ErrnoException {
        return SyntheticDirectory.this.entries();
      }
    };
  }
}
