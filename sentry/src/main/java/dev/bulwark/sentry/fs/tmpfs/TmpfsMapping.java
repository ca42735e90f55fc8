package dev.bulwark.sentry.fs.tmpfs;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.mm.Mappable;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.PathName;

/** What mmap(2) maps of a file in memory, under the name it was opened by. */
record TmpfsMapping(TmpfsFile file, Location location) implements Mappable {
  @Override
  public int hostFd(boolean write) throws ErrnoException {
    return file.hostFd(write);
  }

  @Override
  public Object identity() {
    return file.identity();
  }

  @Override
  public void mapped(int change) {
    file.mapped(change);
  }

  @Override
  public boolean inMemory() {
    return true;
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
