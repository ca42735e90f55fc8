package dev.bulwark.sentry.fs.tmpfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.mm.Mappable;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.NewFile;

/** A regular file. Its monitor guards length, contents and seals. */
final class TmpfsFile extends TmpfsInode {
  private static final int KEEP_SIZE = 1;
  private static final int PUNCH_HOLE = 2;

  private Contents contents;
  private long size;
  private boolean mayGetName;
  private int seals = Seals.SEAL;
  private int mappings;
  private boolean mappedWritable;
  private Object identity = new Object();

  TmpfsFile(Tmpfs fileSystem, long number, NewFile file) {
    super(fileSystem, number, file);
    contents = new PooledContents(fileSystem);
  }

  /** A file of O_TMPFILE: link(2) can give it a name. */
  synchronized void mayGetName() {
    mayGetName = true;
  }

  synchronized boolean takeMayGetName() {
    boolean may = mayGetName;
    mayGetName = false;
    return may;
  }

  synchronized void allowSeals() {
    seals = 0;
  }

  @Override
  public synchronized long size() {
    return size;
  }

  @Override
  protected synchronized long blocks() {
    return contents.pages() * (Pages.SIZE / 512);
  }

  @Override
  void end() {
    contents.close();
    contents = new PooledContents(tmpfs());
    size = 0;
  }

  @Override
  public synchronized long read(IoBuffer to, long offset) {
    long length = Math.min(to.remaining(), size - offset);
    return length <= 0 ? 0 : contents.read(to, offset, length);
  }

  @Override
  public synchronized long write(IoBuffer from, long offset) {
    long length = from.remaining();
    if (length <= 0) {
      return 0;
    }
    if ((seals & (Seals.WRITE | Seals.FUTURE_WRITE)) != 0) {
      return -Errno.EPERM;
    }
    if (offset > Long.MAX_VALUE - length) {
      return -Errno.EFBIG;
    }
    if ((seals & Seals.GROW) != 0 && offset + length > size) {
      return -Errno.EPERM;
    }
    long n;
    try {
      n = roomFor(offset + length).write(from, offset, length);
    } catch (ErrnoException e) {
      return -e.errno();
    }
    if (n > 0) {
      size = Math.max(size, offset + n);
      touchModified();
    }
    return n;
  }

  /** The contents, fit for a length. */
  private Contents roomFor(long length) throws ErrnoException {
    if (length > PooledContents.LARGEST && contents instanceof PooledContents) {
      return own();
    }
    return contents;
  }

  /** Moves the contents to a memory file of their own. */
  private MemfdContents own() throws ErrnoException {
    if (contents instanceof MemfdContents already) {
      return already;
    }
    PooledContents pooled = (PooledContents) contents;
    MemfdContents made = new MemfdContents(tmpfs());
    try {
      made.resize(0, size);
      pooled.copyTo(made.fd(), size);
    } catch (ErrnoException e) {
      made.close();
      throw e;
    }
    pooled.close();
    made.recharge();
    contents = made;
    return made;
  }

  /** Moves the contents back when descriptors are scarce and nothing maps them. */
  private void disown() {
    if (!(contents instanceof MemfdContents own)
        || mappings > 0
        || size > PooledContents.LARGEST
        || !MemfdContents.scarce()) {
      return;
    }
    PooledContents pooled = new PooledContents(tmpfs());
    try {
      pooled.copyFrom(own.fd(), size);
    } catch (ErrnoException e) {
      pooled.close();
      return; // no room to change over: it keeps its memory file
    }
    own.close();
    contents = pooled;
    identity = new Object();
    mappedWritable = false;
  }

  @Override
  protected void truncate(long newSize) throws ErrnoException {
    if (newSize < size && (seals & Seals.SHRINK) != 0) {
      throw ErrnoException.of(Errno.EPERM);
    }
    if (newSize > size && (seals & Seals.GROW) != 0) {
      throw ErrnoException.of(Errno.EPERM);
    }
    roomFor(newSize).resize(size, newSize);
    size = newSize;
    touchModified();
  }

  @Override
  public synchronized void allocate(int mode, long offset, long length) throws ErrnoException {
    if ((mode & ~(KEEP_SIZE | PUNCH_HOLE)) != 0) {
      throw ErrnoException.of(Errno.EOPNOTSUPP);
    }
    long end = offset + length;
    if ((mode & PUNCH_HOLE) != 0) {
      if ((seals & (Seals.WRITE | Seals.FUTURE_WRITE)) != 0) {
        throw ErrnoException.of(Errno.EPERM);
      }
      if (offset < size) {
        contents.punch(offset, Math.min(length, size - offset));
      }
    } else {
      if (end > size && (seals & Seals.GROW) != 0) {
        throw ErrnoException.of(Errno.EPERM);
      }
      Contents room = roomFor(end);
      room.allocate(offset, length);
      if ((mode & KEEP_SIZE) == 0 && end > size) {
        room.resize(size, end);
        size = end;
      }
    }
    touchModified();
  }

  @Override
  public synchronized long seek(long offset, boolean data) {
    long found = contents.seek(offset, data, size);
    return found < 0 || (data && found >= size) ? -Errno.ENXIO : found;
  }

  @Override
  public synchronized int seals() {
    return seals;
  }

  @Override
  public synchronized void addSeals(int more) throws ErrnoException {
    if ((more & ~Seals.ALL) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if ((seals & Seals.SEAL) != 0) {
      throw ErrnoException.of(Errno.EPERM);
    }
    if ((more & Seals.WRITE) != 0 && (seals & Seals.WRITE) == 0 && mappedWritable && mappings > 0) {
      throw ErrnoException.of(Errno.EBUSY);
    }
    if ((more & Seals.WRITE) != 0 && contents instanceof MemfdContents own) {
      own.seal(Seals.WRITE);
    }
    seals |= more;
  }

  @Override
  public Mappable mappable(Location location) {
    return new TmpfsMapping(this, location);
  }

  synchronized int hostFd(boolean write) throws ErrnoException {
    if (write && (seals & (Seals.WRITE | Seals.FUTURE_WRITE)) != 0) {
      throw ErrnoException.of(Errno.EPERM);
    }
    MemfdContents own = own();
    if (write) {
      mappedWritable = true;
      return own.fd();
    }
    return own.readOnlyFd();
  }

  synchronized Object identity() {
    return identity;
  }

  void mapped(int change) {
    synchronized (this) {
      mappings += change;
      if (mappings == 0) {
        disown();
      }
    }
    if (change > 0) {
      opened();
    } else {
      closed();
    }
  }
}
