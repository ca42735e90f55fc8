package dev.bulwark.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The memory of the host (sysinfo(2)). Thread-safe. */
public final class HostMemory {
  private static final int SIZE = 112;
  private static final int TOTAL = 32;
  private static final int UNIT = 104;

  private HostMemory() {}

  /** All memory that the host can use, in bytes; {@link Long#MAX_VALUE} when it does not tell. */
  public static long total() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(SIZE, 8);
      if (HostCall.call(Sys.SYSINFO, info.address()) != 0) {
        return Long.MAX_VALUE;
      }
      return info.get(JAVA_LONG, TOTAL) * Math.max(1, info.get(JAVA_INT, UNIT));
    }
  }
}
