package dev.bulwark.linux;

/** CPU clocks of threads and processes of the host (clock_getcpuclockid(3)). Thread-safe. */
public final class HostClock {
  private static final int PROCESS_CLOCK = 2;
  private static final int THREAD_CLOCK = 6;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private HostClock() {}

  /** The host's identifier of the calling thread. */
  public static int currentTid() {
    return (int) HostCall.call(Sys.GETTID);
  }

  /**
   * CPU time of a thread of this process, in nanoseconds; 0 when there is no such thread (any
   * more).
   */
  public static long threadNanos(int tid) {
    return nanos((~(long) tid << 3) | THREAD_CLOCK);
  }

  /** CPU time of all threads of a process, in nanoseconds; 0 when there is no such process. */
  public static long processNanos(int pid) {
    return nanos((~(long) pid << 3) | PROCESS_CLOCK);
  }

  private static long nanos(long clock) {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory time = scratch.struct;
      return HostCall.call(Sys.CLOCK_GETTIME, clock, time.address()) == 0
          ? time.getLong(0) * NANOS_PER_SECOND + time.getLong(8)
          : 0;
    }
  }
}
