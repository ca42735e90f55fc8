package dev.bulwark.sentry.fs.tmpfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.HostFile;
import dev.bulwark.sentry.io.IoBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** Contents of a large or mapped file: a memory file of its own, as long as the file. */
final class MemfdContents implements Contents {
  /**
   * How many there may be in a Sentry. The host gives a process a limited number of descriptors,
   * and other parts of the Sentry need some too.
   */
  static final int MAXIMUM = 4096;

  /** From so many on, files give their descriptor back as soon as they are not mapped any more. */
  static final int SCARCE = MAXIMUM / 2;

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final int FALLOC_FL_KEEP_SIZE = 1;
  private static final int FALLOC_FL_PUNCH_HOLE = 2;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final int F_ADD_SEALS = 1033;

  private final Tmpfs fileSystem;
  private final int fd;
  private int readOnly = -1;
  private long charged;

  /**
   * An empty memory file.
   *
   * @throws ErrnoException ENFILE when there are too many, or what the host answers
   */
  MemfdContents(Tmpfs fileSystem) throws ErrnoException {
    this.fileSystem = fileSystem;
    if (COUNT.incrementAndGet() > MAXIMUM) {
      COUNT.decrementAndGet();
      throw ErrnoException.of(Errno.ENFILE);
    }
    try {
      fd = HostFile.memory("bulwark-file");
    } catch (ErrnoException e) {
      COUNT.decrementAndGet();
      throw e;
    }
  }

  /** Whether descriptors should be given back where possible. */
  static boolean scarce() {
    return COUNT.get() > SCARCE;
  }

  /** The descriptor that reads and writes. */
  int fd() {
    return fd;
  }

  /** A descriptor that only reads. */
  int readOnlyFd() throws ErrnoException {
    if (readOnly < 0) {
      readOnly = HostFile.readOnly(fd);
    }
    return readOnly;
  }

  /** Brings the charge in line with what the host has given: mappings fill holes silently. */
  void recharge() throws ErrnoException {
    long now = HostFile.blocks(fd) / (Pages.SIZE / 512);
    fileSystem.recharge(now - charged);
    charged = now;
  }

  /** Pages of a range that hold nothing yet. */
  private long holes(long offset, long length) {
    long first = offset / Pages.SIZE * Pages.SIZE;
    long end = offset + length;
    long holes = 0;
    long at = first;
    while (at < end) {
      long data = HostCall.call(Sys.LSEEK, fd, at, SEEK_DATA);
      long holeEnd = data < 0 ? end : Math.min(end, data);
      holes += (holeEnd - at + Pages.SIZE - 1) / Pages.SIZE;
      if (holeEnd >= end) {
        break;
      }
      long next = HostCall.call(Sys.LSEEK, fd, holeEnd, SEEK_HOLE);
      at = next < 0 ? end : next;
    }
    return holes;
  }

  private static long span(long offset, long length) {
    return (offset + length + Pages.SIZE - 1) / Pages.SIZE - offset / Pages.SIZE;
  }

  @Override
  public long read(IoBuffer to, long offset, long length) {
    // The host's file ends where this one does, so it needs no cutting.
    return to.readFrom(fd, offset);
  }

  @Override
  public long write(IoBuffer from, long offset, long length) {
    try {
      if (span(offset, length) > fileSystem.room() && holes(offset, length) > fileSystem.room()) {
        return -Errno.ENOSPC;
      }
      long n = from.writeTo(fd, offset);
      recharge();
      return n;
    } catch (ErrnoException e) {
      return -e.errno();
    }
  }

  @Override
  public void resize(long oldSize, long newSize) throws ErrnoException {
    ErrnoException.check(HostCall.call(Sys.FTRUNCATE, fd, newSize));
    recharge();
  }

  @Override
  public void punch(long offset, long length) throws ErrnoException {
    ErrnoException.check(
        HostCall.call(
            Sys.FALLOCATE, fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length));
    recharge();
  }

  @Override
  public void allocate(long offset, long length) throws ErrnoException {
    if (span(offset, length) > fileSystem.room()) {
      fileSystem.checkRoom(holes(offset, length));
    }
    ErrnoException.check(HostCall.call(Sys.FALLOCATE, fd, FALLOC_FL_KEEP_SIZE, offset, length));
    recharge();
  }

  @Override
  public long seek(long offset, boolean data, long size) {
    long r = HostCall.call(Sys.LSEEK, fd, offset, data ? SEEK_DATA : SEEK_HOLE);
    return r < 0 ? (data ? -1 : size) : Math.min(r, size);
  }

  @Override
  public long pages() {
    return charged;
  }

  /**
   * Seals the host's file too, so that what stubs hold obeys.
   *
   * @throws ErrnoException EBUSY
   */
  void seal(int seals) throws ErrnoException {
    ErrnoException.check(HostCall.call(Sys.FCNTL, fd, F_ADD_SEALS, seals));
  }

  @Override
  public void close() {
    HostFile.close(fd);
    if (readOnly >= 0) {
      HostFile.close(readOnly);
    }
    COUNT.decrementAndGet();
    fileSystem.recharge(-charged);
    charged = 0;
  }
}
