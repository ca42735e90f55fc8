package dev.bulwark.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Waits for children of this process. */
public final class HostWait {
  private HostWait() {}

  /**
   * Waits for the end of a child.
   *
   * @param pid of a child
   * @return its exit code, or 128 and the signal that killed it
   * @throws HostException ECHILD when there is no such child
   */
  public static int exitCode(int pid) throws HostException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      long r;
      do {
        r = HostCall.call(Sys.WAIT4, pid, status.address(), 0, 0);
      } while (r == -Errno.EINTR);
      HostCall.check(r, "waiting for process " + pid);
      int word = status.get(JAVA_INT, 0);
      return (word & 0x7f) == 0 ? word >>> 8 & 0xff : 128 + (word & 0x7f);
    }
  }
}
