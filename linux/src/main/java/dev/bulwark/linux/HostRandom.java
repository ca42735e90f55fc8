package dev.bulwark.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;

/**
 * Random numbers from the host kernel (getrandom(2)), without opening a file. Thread-safe. {@link
 * java.security.SecureRandom} would cost a start some 15 ms for its providers.
 */
public final class HostRandom {
  private static final RandomGenerator GENERATOR = new Generator();

  private HostRandom() {}

  /** A cryptographically strong source of numbers. */
  public static RandomGenerator generator() {
    return GENERATOR;
  }

  private static final class Generator implements RandomGenerator {
    @Override
    public long nextLong() {
      try (Scratch scratch = Scratch.take()) {
        fill(scratch.struct, Long.BYTES);
        return scratch.struct.get(JAVA_LONG, 0);
      }
    }

    @Override
    public void nextBytes(byte[] to) {
      fill(to, to.length);
    }
  }

  /**
   * Fills the start of an array with bytes that nobody can guess.
   *
   * @param length at most {@code to.length}
   */
  public static void fill(byte[] to, int length) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(Math.max(length, 1));
      fill(bytes, length);
      MemorySegment.copy(bytes, JAVA_BYTE, 0, to, 0, length);
    }
  }

  private static void fill(MemorySegment bytes, int length) {
    long done = 0;
    while (done < length) {
      long n = HostCall.call(Sys.GETRANDOM, bytes.address() + done, length - done, 0);
      if (n != -Errno.EINTR) {
        if (HostCall.failed(n)) {
          throw new IllegalStateException("getrandom: " + Errno.describe((int) -n));
        }
        done += n;
      }
    }
  }
}
