package dev.bulwark.sentry.fs.overlay;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.mm.Mappable;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.PathName;
import org.jspecify.annotations.Nullable;

/** What mmap(2) maps of a file of the overlay, under the overlay's name and numbers. */
record OverlayMapping(OverlayFile file, Mappable shown, Location location) implements Mappable {
  // Of the methods that Java makes for records the start would pay some milliseconds.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OverlayMapping mapping
        && file.equals(mapping.file)
        && shown.equals(mapping.shown)
        && location.equals(mapping.location);
  }

  @Override
  public int hashCode() {
    return shown.hashCode();
  }

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
  public boolean inMemory() {
    return shown.inMemory();
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
