package dev.bulwark.runtime;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A child process of the runtime command, held by a pidfd so that no other is ever hit. */
final class HostChild implements AutoCloseable {
  static final int SIGKILL = 9;
  private static final int P_PIDFD = 3;
  private static final int WEXITED = 4;
  private static final int CLD_EXITED = 1;

  private final int pid;
  private final int pidfd;

  HostChild(int pid) throws HostException {
    this.pid = pid;
    pidfd = (int) HostCall.check(HostCall.call(Sys.PIDFD_OPEN, pid, 0), "watching process " + pid);
  }

  int pid() {
    return pid;
  }

  /** Readable when the process has ended. */
  int pidfd() {
    return pidfd;
  }

  /** Kills the process, if it still lives. */
  void kill() {
    HostCall.call(Sys.PIDFD_SEND_SIGNAL, pidfd, SIGKILL, 0, 0);
  }

  /** Waits for the end, and tells it: an exit code, or 128 and the signal. */
  int await() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(128, 8);
      long r;
      do {
        r = HostCall.call(Sys.WAITID, P_PIDFD, pidfd, info.address(), WEXITED, 0);
      } while (r == -Errno.EINTR);
      int status = info.get(JAVA_INT, 24);
      return info.get(JAVA_INT, 8) == CLD_EXITED ? status : 128 + status;
    }
  }

  /** How the process ended, in words. */
  static String describe(int exit) {
    return exit < 128 ? "ended with code " + exit : "was killed by signal " + (exit - 128);
  }

  @Override
  public void close() {
    HostCall.call(Sys.CLOSE, pidfd);
  }
}
