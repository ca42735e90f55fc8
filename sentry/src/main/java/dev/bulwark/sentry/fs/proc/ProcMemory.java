package dev.bulwark.sentry.fs.proc;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.mm.MemoryMap;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.InodeFile;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.Opening;
import dev.bulwark.sentry.vfs.PathName;

/**
 * The memory of a process as a file whose offsets are addresses. It keeps the memory that the
 * process had when it was opened. Unlike on Linux, protections hold here too.
 */
final class ProcMemory extends ProcInode {
  private static final int STEP = 4096;

  private final Subject about;

  ProcMemory(ProcSystem system, long number, Subject subject) {
    super(system, number, Attributes.REGULAR | 0600, subject);
    this.about = subject;
  }

  @Override
  public FileDescription open(Opening opening) throws ErrnoException {
    Access.check(about, opening.credentials());
    MemoryMap memory = about.memory();
    if (memory == null) {
      throw ErrnoException.of(Errno.ESRCH);
    }
    return new Opened(opening, this, memory);
  }

  /** The open file; its monitor guards the position. */
  private static final class Opened extends FileDescription {
    private final Location location;
    private final ProcMemory inode;
    private final MemoryMap memory;
    private long position;

    Opened(Opening opening, ProcMemory inode, MemoryMap memory) {
      super(opening.flags());
      this.location = opening.location();
      this.inode = inode;
      this.memory = memory;
      location.mount().use();
    }

    @Override
    protected void release() {
      location.mount().unuse();
    }

    @Override
    public Location location() {
      return location;
    }

    @Override
    public long read(IoBuffer to, long offset) {
      return readable() ? transfer(to, offset, false) : -Errno.EBADF;
    }

    @Override
    public long write(IoBuffer from, long offset) {
      return writable() ? transfer(from, offset, true) : -Errno.EBADF;
    }

    private synchronized long transfer(IoBuffer buffer, long offset, boolean store) {
      // Held only for the transfer: an open file must not keep the memory of a dead process.
      if (!memory.acquire()) {
        return 0;
      }
      try {
        long start = offset == AT_POSITION ? position : offset;
        long done = copy(buffer, start, store);
        if (done > 0 && offset == AT_POSITION) {
          position = start + done;
        }
        return done;
      } finally {
        memory.close();
      }
    }

    private long copy(IoBuffer buffer, long start, boolean store) {
      byte[] step = new byte[STEP];
      long done = 0;
      while (buffer.remaining() > 0) {
        long at = start + done;
        int length = (int) Math.min(buffer.remaining(), STEP - (at & (STEP - 1)));
        long n;
        try {
          if (store) {
            n = buffer.get(step, 0, length);
            if (n > 0) {
              memory.write(at, step, 0, (int) n);
            }
          } else {
            memory.read(at, step, 0, length);
            n = buffer.put(step, 0, length);
          }
        } catch (ErrnoException e) {
          return done > 0 ? done : -Errno.EIO;
        }
        if (n < 0) {
          return done > 0 ? done : n;
        }
        done += n;
        if (n < length) {
          break;
        }
      }
      return done;
    }

    @Override
    public synchronized long seek(long offset, int whence) {
      // Addresses are unsigned, so a negative position is one of the upper half.
      switch (whence) {
        case InodeFile.SEEK_SET -> position = offset;
        case InodeFile.SEEK_CUR -> position += offset;
        default -> {
          return -Errno.EINVAL;
        }
      }
      return position;
    }

    @Override
    public synchronized long position() {
      return position;
    }

    @Override
    public Attributes attributes() {
      return inode.attributes();
    }

    @Override
    public String describe() {
      return PathName.of(location);
    }
  }
}
