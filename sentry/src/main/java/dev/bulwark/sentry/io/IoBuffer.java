package dev.bulwark.sentry.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostMessage;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import java.lang.foreign.MemorySegment;

/**
 * A position in a sequence of native memory ranges: the buffer of read(2), the vector of writev(2),
 * or memory of the Sentry itself. Transfers move the position. One call on one thread uses it.
 *
 * <p>A range that the application may not touch ends a transfer: the bytes before it count, and
 * only a transfer that moved nothing fails with EFAULT, as in Linux.
 */
public abstract class IoBuffer {
  /** For subclasses. */
  protected IoBuffer() {}

  /** How many bytes are left. */
  public abstract long remaining();

  /**
   * Native memory at the position: at least one byte, at most {@link #remaining}.
   *
   * @param store whether it will be written
   * @throws ErrnoException EFAULT when the application may not do so
   */
  public abstract MemorySegment chunk(boolean store) throws ErrnoException;

  /** Moves the position on by {@code n} bytes, at most {@link #remaining}. */
  public abstract void advance(long n);

  /** The same memory from the position on, with a position of its own. */
  public abstract IoBuffer duplicate();

  /**
   * Adds the native memory from the position on to a message; the position stays.
   *
   * @param store whether it will be written
   * @return whether all of it was added: false when a part may not be touched, or when there are
   *     too many parts
   */
  public final boolean gather(HostMessage message, boolean store) {
    IoBuffer ahead = duplicate();
    try {
      while (ahead.remaining() > 0) {
        if (message.full()) {
          return false;
        }
        MemorySegment part = ahead.chunk(store);
        message.add(part.address(), part.byteSize());
        ahead.advance(part.byteSize());
      }
      return true;
    } catch (ErrnoException e) {
      return false;
    }
  }

  /** Stores bytes at the position; as many as fit. Returns how many, or EFAULT negated. */
  public final long put(byte[] from, int offset, int length) {
    return put(MemorySegment.ofArray(from).asSlice(offset, length));
  }

  /** Stores bytes at the position; as many as fit. Returns how many, or EFAULT negated. */
  public final long put(MemorySegment from) {
    long done = 0;
    long wanted = Math.min(from.byteSize(), remaining());
    try {
      while (done < wanted) {
        MemorySegment to = chunk(true);
        long n = Math.min(to.byteSize(), wanted - done);
        MemorySegment.copy(from, JAVA_BYTE, done, to, JAVA_BYTE, 0, n);
        advance(n);
        done += n;
      }
    } catch (ErrnoException | InternalError e) { // InternalError: a page past the end of a file
      return done > 0 ? done : -Errno.EFAULT;
    }
    return done;
  }

  /** Loads bytes from the position; as many as there are. Returns how many, or EFAULT negated. */
  public final long get(byte[] to, int offset, int length) {
    return get(MemorySegment.ofArray(to).asSlice(offset, length));
  }

  /** Loads bytes from the position; as many as there are. Returns how many, or EFAULT negated. */
  public final long get(MemorySegment to) {
    long done = 0;
    long wanted = Math.min(to.byteSize(), remaining());
    try {
      while (done < wanted) {
        MemorySegment from = chunk(false);
        long n = Math.min(from.byteSize(), wanted - done);
        MemorySegment.copy(from, JAVA_BYTE, 0, to, JAVA_BYTE, done, n);
        advance(n);
        done += n;
      }
    } catch (ErrnoException | InternalError e) { // InternalError: a page past the end of a file
      return done > 0 ? done : -Errno.EFAULT;
    }
    return done;
  }

  /** Stores up to {@code length} zero bytes. Returns how many, or EFAULT negated. */
  public final long putZeroes(long length) {
    long done = 0;
    long wanted = Math.min(length, remaining());
    try {
      while (done < wanted) {
        MemorySegment to = chunk(true);
        long n = Math.min(to.byteSize(), wanted - done);
        to.asSlice(0, n).fill((byte) 0);
        advance(n);
        done += n;
      }
    } catch (ErrnoException | InternalError e) { // InternalError: a page past the end of a file
      return done > 0 ? done : -Errno.EFAULT;
    }
    return done;
  }

  /**
   * Reads from a host file straight into the buffer.
   *
   * @param fd a descriptor that does not block
   * @param offset where, or -1 for the descriptor's own position
   * @return bytes moved, 0 at the end of the file, or an errno negated when nothing was moved
   */
  public final long readFrom(int fd, long offset) {
    return host(fd, offset, offset < 0 ? Sys.READ : Sys.PREAD64, true);
  }

  /**
   * Writes the buffer's bytes straight to a host file; parameters and result as in {@link
   * #readFrom}.
   */
  public final long writeTo(int fd, long offset) {
    return host(fd, offset, offset < 0 ? Sys.WRITE : Sys.PWRITE64, false);
  }

  private long host(int fd, long offset, int call, boolean store) {
    long done = 0;
    while (remaining() > 0) {
      MemorySegment part;
      try {
        part = chunk(store);
      } catch (ErrnoException e) {
        return done > 0 ? done : -e.errno();
      }
      long n =
          HostCall.call(call, fd, part.address(), part.byteSize(), offset < 0 ? 0 : offset + done);
      if (n < 0) {
        return done > 0 ? done : n;
      }
      advance(n);
      done += n;
      if (n < part.byteSize()) {
        break;
      }
    }
    return done;
  }

  /** This buffer, with no more than {@code most} bytes left in it. */
  public final IoBuffer limited(long most) {
    return most >= remaining() ? this : new Limited(this, most);
  }

  private static final class Limited extends IoBuffer {
    private final IoBuffer whole;
    private long left;

    Limited(IoBuffer whole, long left) {
      this.whole = whole;
      this.left = left;
    }

    @Override
    public long remaining() {
      return left;
    }

    @Override
    public MemorySegment chunk(boolean store) throws ErrnoException {
      MemorySegment part = whole.chunk(store);
      return part.byteSize() > left ? part.asSlice(0, left) : part;
    }

    @Override
    public void advance(long n) {
      whole.advance(n);
      left -= n;
    }

    @Override
    public IoBuffer duplicate() {
      return new Limited(whole.duplicate(), left);
    }
  }

  /** A buffer over native memory of the Sentry itself. */
  public static IoBuffer of(MemorySegment memory) {
    return new OwnMemory(memory);
  }

  private static final class OwnMemory extends IoBuffer {
    private final MemorySegment memory;
    private long position;

    OwnMemory(MemorySegment memory) {
      this.memory = memory;
    }

    @Override
    public long remaining() {
      return memory.byteSize() - position;
    }

    @Override
    public MemorySegment chunk(boolean store) {
      return memory.asSlice(position);
    }

    @Override
    public void advance(long n) {
      position += n;
    }

    @Override
    public IoBuffer duplicate() {
      return new OwnMemory(memory.asSlice(position));
    }
  }
}
