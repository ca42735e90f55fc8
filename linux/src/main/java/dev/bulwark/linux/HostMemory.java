package dev.bulwark.linux;

/** The memory of the host (sysinfo(2)). Thread-safe. */
public final class HostMemory {
  private static final int TOTAL = 32;
  private static final int UNIT = 104;

  private HostMemory() {}

  /** All memory that the host can use, in bytes; {@link Long#MAX_VALUE} when it does not tell. */
  public static long total() {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory info = scratch.struct;
      if (HostCall.call(Sys.SYSINFO, info.address()) != 0) {
        return Long.MAX_VALUE;
      }
      return info.getLong(TOTAL) * Math.max(1, info.getInt(UNIT));
    }
  }
}
