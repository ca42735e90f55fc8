package dev.bulwark.sentry.fs.gofer;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.mm.Mappable;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.PathName;
import org.jspecify.annotations.Nullable;

/** What mmap(2) maps of a file, under the name it was opened by. */
record GoferMapping(GoferFile file, Location location) implements Mappable {
  // Written out, since those that records have are made anew at each start.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GoferMapping that
        && file.equals(that.file)
        && location.equals(that.location);
  }

  @Override
  public int hashCode() {
    return 31 * file.hashCode() + location.hashCode();
  }

  @Override
  public int hostFd(boolean write) throws ErrnoException {
    return file.hostFd(write);
  }

  @Override
  public Object identity() {
    return file;
  }

  @Override
  public void mapped(int change) {
    file.mapped(change);
  }

  @Override
  public String mapsName() {
    return PathName.of(location);
  }

  @Override
  public long[] mapsIdentity() {
    Attributes known = file.known();
    return new long[] {known.device(), known.inode()};
  }
}
