package dev.bulwark.runtime.container;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostPoll;
import dev.bulwark.linux.Sys;

/**
 * A process of the host, known so that no other one is ever taken for it.
 *
 * @param pid its number; 0 for none
 * @param started when it was started, in clock ticks after boot
 */
record HostProcess(int pid, long started) {
  static final HostProcess NONE = new HostProcess(0, 0);
  static final int SIGKILL = 9;

  private static final int STATE = 0;
  private static final int STARTED = 19;
  private static final int MOST_BYTES = 4096;

  /** The number of this process. */
  static int self() {
    return (int) HostCall.call(Sys.GETPID);
  }

  /** The process that has a number now; {@link #NONE} when there is none. */
  static HostProcess of(int pid) {
    String[] stat = stat(pid);
    return stat.length <= STARTED ? NONE : new HostProcess(pid, Long.parseLong(stat[STARTED]));
  }

  /** Whether it lives; a zombie does not. */
  boolean alive() {
    String[] stat = pid == 0 ? new String[0] : stat(pid);
    return stat.length > STARTED
        && Long.parseLong(stat[STARTED]) == started
        && !stat[STATE].equals("Z")
        && !stat[STATE].equals("X");
  }

  /** The fields of proc(5) from the state on; none when there is no such process. */
  private static String[] stat(int pid) {
    try {
      String line = HostIo.text("/proc/" + pid + "/stat", MOST_BYTES);
      return line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    } catch (HostException | StringIndexOutOfBoundsException gone) {
      return new String[0];
    }
  }

  /** Sends a signal, if it lives. */
  void signal(int number) throws HostException {
    int pidfd = open();
    if (pidfd >= 0) {
      HostCall.call(Sys.PIDFD_SEND_SIGNAL, pidfd, number, 0, 0);
      HostIo.close(pidfd);
    }
  }

  /**
   * Waits for its end.
   *
   * @return whether it came in time
   */
  boolean awaitEnd(int milliseconds) throws HostException {
    int pidfd = open();
    if (pidfd < 0) {
      return true;
    }
    HostPoll poll = new HostPoll(pidfd);
    try {
      return poll.await(milliseconds) > 0;
    } finally {
      HostIo.close(pidfd);
    }
  }

  /** A pidfd, or -1 when it has ended. */
  int open() throws HostException {
    if (!alive()) {
      return -1;
    }
    long pidfd = HostCall.call(Sys.PIDFD_OPEN, pid, 0);
    if (pidfd == -Errno.ESRCH) {
      return -1;
    }
    HostCall.check(pidfd, "watching process " + pid);
    if (!alive()) {
      HostIo.close((int) pidfd);
      return -1;
    }
    return (int) pidfd;
  }
}
