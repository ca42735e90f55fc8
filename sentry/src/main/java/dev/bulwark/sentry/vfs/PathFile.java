package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.io.IoBuffer;

/** A description opened with {@code O_PATH}: a place, without access to what is there. */
public class PathFile extends FileDescription {
  private final Location location;
  private final Inode inode;
  private final Credentials opener;

  /** Refers to a location. */
  @SuppressWarnings("this-escape") // the inode only counts
  public PathFile(Location location, int flags, Credentials opener) {
    super((flags & (OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW)) | OpenFlags.PATH);
    this.location = location;
    this.opener = opener;
    this.inode = location.inode();
    location.mount().use();
    inode.opened();
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // equal ones of another task do not count
  public boolean openedWith(Credentials credentials) {
    return opener == credentials;
  }

  @Override
  protected void release() {
    inode.closed();
    location.mount().unuse();
  }

  @Override
  public final Location location() {
    return location;
  }

  @Override
  public long read(IoBuffer to, long offset) {
    return -Errno.EBADF;
  }

  @Override
  public long write(IoBuffer from, long offset) {
    return -Errno.EBADF;
  }

  @Override
  public long seek(long offset, int whence) {
    return -Errno.EBADF;
  }

  @Override
  public Attributes attributes() throws ErrnoException {
    return inode.attributes();
  }

  @Override
  public String describe() {
    return PathName.of(location);
  }
}
