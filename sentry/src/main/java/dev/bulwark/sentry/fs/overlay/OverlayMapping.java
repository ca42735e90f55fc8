package dev.bulwark.sentry.fs.overlay;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.mm.Mappable;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.PathName;

/** What mmap(2) maps of a file of the overlay, under the overlay's name and numbers. */
record OverlayMapping(OverlayFile file, Mappable shown, Location location) implements Mappable {
  @Override
  public int hostFd(boolean write) throws ErrnoException {
    return shown.hostFd(write);
  }

  @Override
  public Object identity() {
    return shown.identity();
  }

  @Override
  public void mapped(int change) {
    if (change > 0) {
      file.opened();
      shown.mapped(change);
    } else {
      shown.mapped(change);
      file.closed();
    }
  }

  @Override
  public String mapsName() {
    return PathName.of(location);
  }

  @Override
  public long[] mapsIdentity() {
    return new long[] {file.fileSystem().device(), file.number()};
  }
}
