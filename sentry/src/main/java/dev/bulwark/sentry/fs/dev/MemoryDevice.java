package dev.bulwark.sentry.fs.dev;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.fs.tmpfs.Tmpfs;
import dev.bulwark.sentry.io.HostFile;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.mm.Mappable;
import dev.bulwark.sentry.vfs.AttributeChange;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.InodeFile;
import dev.bulwark.sentry.vfs.NewFile;
import dev.bulwark.sentry.vfs.Opening;

/**
 * The devices that only move memory (mem(4), null(4), full(4), random(4)): they have no position.
 */
abstract class MemoryDevice extends InodeFile {
  MemoryDevice(Opening opening) {
    super(opening);
  }

  /** Takes everything without looking at it. */
  @Override
  public long write(IoBuffer from, long offset) {
    long length = from.remaining();
    from.advance(length);
    return length;
  }

  @Override
  public long seek(long offset, int whence) {
    return 0;
  }

  /** /dev/null. */
  static final class Null extends MemoryDevice {
    Null(Opening opening) {
      super(opening);
    }

    @Override
    public long read(IoBuffer to, long offset) {
      return 0;
    }

    @Override
    public Mappable mappable() throws ErrnoException {
      throw ErrnoException.of(Errno.ENODEV);
    }
  }

  /** /dev/zero. */
  static final class Zero extends MemoryDevice {
    /** As much as one mapping could show. */
    private static final long MAPPED_SIZE = 1L << 46;

    Zero(Opening opening) {
      super(opening);
    }

    @Override
    public long read(IoBuffer to, long offset) {
      return to.putZeroes(to.remaining());
    }

    /** Every mapping shows a file of zeroes of its own. */
    @Override
    public Mappable mappable() throws ErrnoException {
      Tmpfs fileSystem = new Tmpfs(Long.MAX_VALUE, 0700, 0, 0);
      Inode zeroes = fileSystem.nameless(new NewFile(Attributes.REGULAR | 0600, 0, 0), false);
      zeroes.setAttributes(AttributeChange.ofSize(MAPPED_SIZE));
      return zeroes.mappable(location());
    }
  }

  /** /dev/full. */
  static final class Full extends MemoryDevice {
    Full(Opening opening) {
      super(opening);
    }

    @Override
    public long read(IoBuffer to, long offset) {
      return to.putZeroes(to.remaining());
    }

    @Override
    public long write(IoBuffer from, long offset) {
      return -Errno.ENOSPC;
    }
  }

  /** /dev/random and /dev/urandom, which are the same since Linux 5.6. */
  static final class Random extends MemoryDevice {
    Random(Opening opening) {
      super(opening);
    }

    @Override
    public long read(IoBuffer to, long offset) {
      return HostFile.random(to);
    }
  }
}
