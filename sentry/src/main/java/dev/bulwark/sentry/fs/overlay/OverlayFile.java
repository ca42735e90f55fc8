package dev.bulwark.sentry.fs.overlay;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.io.Transfer;
import dev.bulwark.sentry.mm.Mappable;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.Dentry;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.InodeFile;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.MemoryInode;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Opening;
import org.jspecify.annotations.Nullable;

/** A regular file. It is read from below until it is first written. */
final class OverlayFile extends OverlayInode {
  private int links;
  private int users;
  private boolean ended;

  /** What is below, opened once for all users; stays until the last one goes. */
  private volatile @Nullable FileDescription original;

  OverlayFile(OverlayFileSystem fileSystem, Dentry lower, long number, int links) {
    super(fileSystem, lower, number);
    this.links = Math.max(1, links);
  }

  OverlayFile(OverlayFileSystem fileSystem, MemoryInode made, int links) {
    super(fileSystem, made);
    this.links = links;
  }

  @Override
  synchronized int links(Attributes shown) {
    return links;
  }

  @Override
  synchronized void linked() throws ErrnoException {
    change(true); // its count of links has changed, which is an attribute
    links++;
  }

  @Override
  synchronized void unlinked() {
    links--;
    endIfUnused();
  }

  @Override
  public synchronized void opened() {
    users++;
  }

  @Override
  public synchronized void closed() {
    users--;
    FileDescription open = original;
    if (users == 0 && open != null) {
      original = null;
      open.close();
    }
    endIfUnused();
  }

  private void endIfUnused() {
    if (links == 0 && users == 0 && !ended) {
      ended = true;
      drop();
    }
  }

  @Override
  public FileDescription open(Opening opening) throws ErrnoException {
    InodeFile file = new Opened(opening);
    if (file.readable() && copy() == null) {
      try {
        original();
      } catch (ErrnoException e) {
        file.close();
        throw e;
      }
    }
    return file;
  }

  /** What is below, open for reading; asked only by users. */
  private FileDescription original() throws ErrnoException {
    FileDescription now = original;
    if (now == null) {
      synchronized (this) {
        now = original;
        if (now == null) {
          now = overlay().openBelow(covered());
          original = now;
        }
      }
    }
    return now;
  }

  @Override
  public long read(IoBuffer to, long offset) {
    MemoryInode changed = copy();
    if (changed != null) {
      return changed.read(to, offset);
    }
    try {
      return original().read(to, offset);
    } catch (ErrnoException e) {
      return -e.errno();
    }
  }

  @Override
  public long write(IoBuffer from, long offset) {
    try {
      return change(true).write(from, offset);
    } catch (ErrnoException e) {
      return -e.errno();
    }
  }

  @Override
  public long append(IoBuffer from) {
    try {
      return change(true).append(from);
    } catch (ErrnoException e) {
      return -e.errno();
    }
  }

  @Override
  void fill(MemoryInode made, long size) throws ErrnoException {
    boolean borrowed = users == 0; // truncate(2) changes a file without opening it
    FileDescription from = borrowed ? overlay().openBelow(covered()) : original();
    try {
      long n = size == 0 ? 0 : Transfer.copy(from::read, 0, made::write, 0, size);
      ErrnoException.check(n);
      if (n < size) {
        throw ErrnoException.of(Errno.ENOSPC);
      }
    } finally {
      if (borrowed) {
        from.close();
      }
    }
  }

  @Override
  public void allocate(int mode, long offset, long length) throws ErrnoException {
    change(true).allocate(mode, offset, length);
  }

  @Override
  public long seek(long offset, boolean data) throws ErrnoException {
    MemoryInode changed = copy();
    if (changed != null) {
      return changed.seek(offset, data);
    }
    int whence = data ? InodeFile.SEEK_DATA : InodeFile.SEEK_HOLE;
    return original().seek(offset, whence);
  }

  /** What a description maps; one that may be written maps the copy from the beginning. */
  private Mappable mappable(Location location, boolean writable) throws ErrnoException {
    if (writable || copy() != null) {
      return new OverlayMapping(this, change(true).mappable(location), location);
    }
    return new OverlayMapping(this, original().mappable(), location);
  }

  /** An open file of the overlay. */
  private final class Opened extends InodeFile {
    Opened(Opening opening) {
      super(opening);
    }

    @Override
    public Mappable mappable() throws ErrnoException {
      boolean both = (flags() & OpenFlags.ACCESS_MODE) == OpenFlags.RDWR;
      return OverlayFile.this.mappable(location(), both);
    }
  }
}
