package dev.bulwark.linux;

/** The host's clocks (clock_gettime(2)). Thread-safe. */
public final class HostTime {
  private static final long SECOND = 1_000_000_000L;

  private HostTime() {}

  /**
   * What a clock shows, in nanoseconds.
   *
   * @param clock one of the fixed clocks that the host has, such as 1 for CLOCK_MONOTONIC
   */
  public static long nanos(int clock) {
    return read(Sys.CLOCK_GETTIME, clock);
  }

  /** The resolution of a clock, in nanoseconds. */
  public static long resolution(int clock) {
    return read(Sys.CLOCK_GETRES, clock);
  }

  private static long read(int call, int clock) {
    try (Scratch scratch = Scratch.take()) {
      long r = HostCall.call(call, clock, scratch.struct.address(), 0);
      if (r != 0) {
        throw new IllegalArgumentException("the host has no clock " + clock);
      }
      return scratch.struct.getLong(0) * SECOND + scratch.struct.getLong(8);
    }
  }
}
