package dev.bulwark.sentry.fs.overlay;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.Dentry;
import dev.bulwark.sentry.vfs.MemoryInode;

/** A symbolic link, device node, FIFO or socket. */
final class OverlayLeaf extends OverlayInode {
  private int links = 1;
  private int users;

  OverlayLeaf(OverlayFileSystem fileSystem, Dentry lower, long number) {
    super(fileSystem, lower, number);
  }

  OverlayLeaf(OverlayFileSystem fileSystem, MemoryInode made) {
    super(fileSystem, made);
  }

  @Override
  public String readlink() throws ErrnoException {
    return shown().readlink();
  }

  @Override
  synchronized int links(Attributes shown) {
    return links;
  }

  @Override
  synchronized void linked() throws ErrnoException {
    change(true);
    links++;
  }

  @Override
  synchronized void unlinked() {
    links--;
    dropIfUnused();
  }

  @Override
  public synchronized void opened() {
    users++;
  }

  @Override
  public synchronized void closed() {
    users--;
    dropIfUnused();
  }

  private void dropIfUnused() {
    if (links == 0 && users == 0) {
      drop();
    }
  }
}
