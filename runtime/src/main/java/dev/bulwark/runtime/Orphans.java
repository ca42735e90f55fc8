package dev.bulwark.runtime;

import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.Sys;
import java.nio.charset.StandardCharsets;

/**
 * The processes that the Sentry leaves when it dies: they become children of this process, which
 * sees to it that none outlives the sandbox.
 */
final class Orphans {
  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int WALL = 0x40000000;
  private static final int ALL = -1;
  private static final int MOST_BYTES = 1 << 20;

  private Orphans() {}

  /** Makes descendants that lose their parent children of this process. */
  static void adopt() {
    HostCall.call(Sys.PRCTL, PR_SET_CHILD_SUBREAPER, 1, 0, 0);
  }

  /** Kills and reaps all children of the calling thread's process until there are none. */
  static void reapAll() {
    do {
      for (String pid : children()) {
        HostCall.call(Sys.KILL, Long.parseLong(pid), HostChild.SIGKILL);
      }
    } while (HostCall.call(Sys.WAIT4, ALL, 0, WALL, 0) > 0);
  }

  private static String[] children() {
    // Orphans go to the first thread of the process that lives, so that one's list is asked.
    long pid = HostCall.call(Sys.GETPID);
    String list = (children(pid) + children(HostCall.call(Sys.GETTID))).strip();
    return list.isEmpty() ? new String[0] : list.split(" +", -1);
  }

  /** What the kernel lists for a thread; nothing on a kernel that cannot. */
  private static String children(long thread) {
    try {
      int fd = HostIo.open("/proc/self/task/" + thread + "/children", 0, 0);
      try {
        return new String(HostIo.readFile(fd, MOST_BYTES), StandardCharsets.ISO_8859_1);
      } finally {
        HostIo.close(fd);
      }
    } catch (HostException unavailable) {
      return ""; // then the parent-death signal of each stub must do
    }
  }
}
