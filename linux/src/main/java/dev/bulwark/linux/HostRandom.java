package dev.bulwark.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Random bytes from the host kernel, without opening a file. Thread-safe. */
public final class HostRandom {
  private HostRandom() {}

  /**
   * Fills the start of an array with bytes that nobody can guess.
   *
   * @param length at most {@code to.length}
   */
  public static void fill(byte[] to, int length) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(Math.max(length, 1));
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
      MemorySegment.copy(bytes, JAVA_BYTE, 0, to, 0, length);
    }
  }
}
