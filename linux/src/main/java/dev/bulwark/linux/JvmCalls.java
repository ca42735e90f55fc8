package dev.bulwark.linux;

import static dev.bulwark.linux.CallRule.any;
import static dev.bulwark.linux.CallRule.has;
import static dev.bulwark.linux.CallRule.oneOf;
import static dev.bulwark.linux.CallRule.refused;
import static dev.bulwark.linux.CallRule.when;
import static dev.bulwark.linux.CallRule.within;

import java.util.List;

/**
 * The calls that a running JVM makes on its own, after its classes, libraries and files are open.
 * Its code cache is executable from the start (-XX:InitialCodeCacheSize), so that nothing has to
 * become executable any more.
 */
public final class JvmCalls {
  private static final int PROT_READ_WRITE = 3;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int PR_SET_NAME = 15;

  /** What glibc makes a thread with: nothing that gives it memory or descriptors of its own. */
  private static final int THREAD = 0x3d0f00;

  /** The rules. */
  public static final List<CallRule> RULES =
      List.of(
          any(Sys.FUTEX),
          any(Sys.READ),
          any(Sys.WRITE),
          any(Sys.PREAD64),
          any(Sys.CLOSE),
          any(Sys.LSEEK),
          any(Sys.FSTAT),
          any(Sys.MUNMAP),
          any(Sys.MADVISE),
          any(Sys.BRK),
          any(Sys.GETTID),
          any(Sys.GETPID),
          any(Sys.GETUID),
          any(Sys.SCHED_YIELD),
          any(Sys.SCHED_GETAFFINITY),
          any(Sys.CLOCK_GETTIME),
          any(Sys.CLOCK_GETRES),
          any(Sys.CLOCK_NANOSLEEP),
          any(Sys.NANOSLEEP),
          any(Sys.GETTIMEOFDAY),
          any(Sys.GETCPU),
          any(Sys.GETRUSAGE),
          any(Sys.GETRANDOM),
          any(Sys.SYSINFO),
          any(Sys.RT_SIGPROCMASK),
          any(Sys.RT_SIGACTION),
          any(Sys.RT_SIGRETURN),
          any(Sys.SIGALTSTACK),
          any(Sys.RESTART_SYSCALL),
          any(Sys.SET_ROBUST_LIST),
          any(Sys.RSEQ),
          any(Sys.MEMBARRIER),
          any(Sys.EXIT),
          any(Sys.EXIT_GROUP),
          any(Sys.TGKILL), // only processes of its own pid namespace have numbers
          when(Sys.MMAP, within(2, PROT_READ_WRITE)),
          when(Sys.MPROTECT, within(2, PROT_READ_WRITE)),
          when(Sys.NEWFSTATAT, has(3, AT_EMPTY_PATH)), // fstat, as newer versions of glibc make it
          when(Sys.MREMAP, oneOf(3, 0, 1)),
          when(Sys.PRCTL, oneOf(0, PR_SET_NAME)),
          when(Sys.CLONE, oneOf(0, THREAD), within(0, 0xffffffffL)),
          refused(Sys.CLONE3, Errno.ENOSYS)); // glibc falls back to clone, whose flags can be read

  private JvmCalls() {}
}
