package dev.bulwark.linux;

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
}
