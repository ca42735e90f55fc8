package dev.bulwark.sentry.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Copies from one file to another through memory of the Sentry. */
public final class Transfer {
  private static final long BUFFER = 256 << 10;

  private Transfer() {}

  /** A read or a write at an offset; bytes moved, or an errno negated. */
  @FunctionalInterface
  public interface Side {
    /** Moves bytes. */
    long move(IoBuffer buffer, long offset);
  }

  /**
   * Copies until the length is reached, the source ends, or a side moves less than it was asked.
   *
   * @return bytes copied, or an errno negated when the first step fails
   */
  public static long copy(Side from, long fromOffset, Side to, long toOffset, long length) {
    long done = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(Math.clamp(length, 1, BUFFER), 16);
      while (done < length) {
        long part = Math.min(memory.byteSize(), length - done);
        long n = from.move(IoBuffer.of(memory.asSlice(0, part)), fromOffset + done);
        if (n <= 0) {
          return done > 0 ? done : n;
        }
        long written = to.move(IoBuffer.of(memory.asSlice(0, n)), toOffset + done);
        if (written < 0) {
          return done > 0 ? done : written;
        }
        done += written;
        if (written < n) {
          return done;
        }
      }
    }
    return done;
  }
}
