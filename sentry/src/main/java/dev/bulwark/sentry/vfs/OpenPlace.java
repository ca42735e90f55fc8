package dev.bulwark.sentry.vfs;

import dev.bulwark.sentry.ErrnoException;
import org.jspecify.annotations.Nullable;

/**
 * The place that a FIFO or another file which does not keep its contents in its inode was opened
 * at. It keeps the mount busy until it is closed.
 */
public final class OpenPlace implements FileIdentity {
  private final Location location;
  private final Inode inode;

  /** Uses a place. */
  public OpenPlace(Location location) {
    this.location = location;
    this.inode = location.inode();
    location.mount().use();
    inode.opened();
  }

  @Override
  public Attributes attributes() throws ErrnoException {
    return inode.attributes();
  }

  @Override
  public String describe() {
    return PathName.of(location);
  }

  @Override
  public @Nullable Location location() {
    return location;
  }

  @Override
  public void closed() {
    inode.closed();
    location.mount().unuse();
  }
}
