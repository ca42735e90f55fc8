package dev.bulwark.linux;

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
        return scratch.struct.getLong(0);
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
    try (Scratch scratch = Scratch.take()) {
      for (int done = 0; done < length; ) {
        int part = Math.min(length - done, Scratch.DATA);
        fill(scratch.data, part);
        scratch.data.get(0, to, done, part);
        done += part;
      }
    }
  }

  private static void fill(NativeMemory bytes, int length) {
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
