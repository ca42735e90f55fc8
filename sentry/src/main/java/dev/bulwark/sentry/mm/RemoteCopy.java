package dev.bulwark.sentry.mm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.lang.foreign.MemorySegment;

/** Copies between the memories of two processes: process_vm_readv(2) and process_vm_writev(2). */
public final class RemoteCopy {
  private final UserMemory from;
  private final long[] source;
  private final UserMemory to;
  private final long[] target;

  /**
   * A copy to be made.
   *
   * @param source pairs of address and length in {@code from}, with lengths of 0 or more
   * @param target the same in {@code to}
   */
  public RemoteCopy(UserMemory from, long[] source, UserMemory to, long[] target) {
    this.from = from;
    this.source = source;
    this.to = to;
    this.target = target;
  }

  /**
   * Copies until one side is used up or cannot be touched.
   *
   * @return how many bytes, or EFAULT negated when there is none
   */
  public long run() {
    long done = 0;
    int read = 0;
    int write = 0;
    long readAt = 0;
    long writeAt = 0;
    try {
      while (read < source.length && write < target.length) {
        long readable = source[read + 1] - readAt;
        long writable = target[write + 1] - writeAt;
        if (readable == 0) {
          read += 2;
          readAt = 0;
        } else if (writable == 0) {
          write += 2;
          writeAt = 0;
        } else {
          long n =
              step(source[read] + readAt, target[write] + writeAt, Math.min(readable, writable));
          readAt += n;
          writeAt += n;
          done += n;
        }
      }
    } catch (ErrnoException | InternalError e) { // InternalError: a page past the end of a file
      return done > 0 ? done : -Errno.EFAULT;
    }
    return done;
  }

  private long step(long source, long target, long length) throws ErrnoException {
    MemorySegment read = from.chunk(source, length, false);
    MemorySegment write = to.chunk(target, read.byteSize(), true);
    MemorySegment.copy(read, JAVA_BYTE, 0, write, JAVA_BYTE, 0, write.byteSize());
    return write.byteSize();
  }
}
