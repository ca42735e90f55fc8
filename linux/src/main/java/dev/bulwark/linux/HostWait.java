package dev.bulwark.linux;

import java.util.List;

/** Waits for children of this process. */
public final class HostWait {
  private static final int P_PID = 1;
  private static final int WEXITED = 4;
  private static final int WALL = 0x4000_0000;

  /** The calls that {@link #traced} makes. */
  public static final List<CallRule> CALLS_FOR_TRACED =
      List.of(
          CallRule.when(Sys.WAITID, CallRule.oneOf(0, P_PID), CallRule.oneOf(3, WEXITED | WALL)));

  private HostWait() {}

  /**
   * Waits for the end of a child.
   *
   * @param pid of a child
   * @return its exit code, or 128 and the signal that killed it
   * @throws HostException ECHILD when there is no such child
   */
  public static int exitCode(int pid) throws HostException {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory status = scratch.struct;
      long r;
      do {
        r = HostCall.call(Sys.WAIT4, pid, status.address(), 0, 0);
      } while (r == -Errno.EINTR);
      HostCall.check(r, "waiting for process " + pid);
      int word = status.getInt(0);
      return (word & 0x7f) == 0 ? word >>> 8 & 0xff : 128 + (word & 0x7f);
    }
  }

  /**
   * Waits for the end of a thread that some thread of this process traces, and lets the host forget
   * it. One that is not there, or forgotten already, is no error.
   */
  public static void traced(int tid) {
    long r;
    do {
      r = HostCall.call(Sys.WAITID, P_PID, tid, 0, WEXITED | WALL, 0);
    } while (r == -Errno.EINTR);
  }
}
