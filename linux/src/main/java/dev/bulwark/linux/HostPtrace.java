package dev.bulwark.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Tracing threads of other processes (ptrace(2)). All requests for a thread come from the one
 * thread of this process that has seized it; others get ESRCH.
 */
public final class HostPtrace {
  /** The thread is dead, or not the calling thread's to trace. */
  public static final int GONE = -1;

  /** The stop before a system call. */
  public static final int SYSCALL_STOP = 5 | 0x80;

  /** To go on until the next system call, which is not made. */
  public static final int SYSEMU = 31;

  /** To go on as if nobody traced, but for signals. */
  public static final int CONT = 7;

  /** To go on for one instruction, or to the first one of a signal's handler. */
  public static final int SINGLESTEP = 9;

  /** The bytes of a {@code siginfo}. */
  public static final int SIGINFO_SIZE = 128;

  private static final int PTRACE_SEIZE = 0x4206;
  private static final int PTRACE_INTERRUPT = 0x4207;
  private static final int PTRACE_O_TRACESYSGOOD = 1;
  private static final int PTRACE_O_EXITKILL = 1 << 20;
  private static final int PTRACE_EVENT_STOP = 128;
  private static final int P_PID = 1;
  private static final int WSTOPPED = 2;
  private static final int WALL_NOTHREAD = 0x6000_0000;
  private static final int SIGINFO_STATUS = 24;

  /** The calls that are made here. */
  public static final List<CallRule> CALLS =
      List.of(
          CallRule.when(Sys.PTRACE, CallRule.oneOf(0, SYSEMU, CONT, SINGLESTEP, PTRACE_INTERRUPT)),
          CallRule.when(
              Sys.PTRACE,
              CallRule.oneOf(0, PTRACE_SEIZE),
              CallRule.oneOf(3, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL)),
          CallRule.when(
              Sys.WAITID, CallRule.oneOf(0, P_PID), CallRule.oneOf(3, WSTOPPED | WALL_NOTHREAD)));

  private HostPtrace() {}

  /**
   * Makes the calling thread the tracer of a thread, which dies with it.
   *
   * @throws HostException EPERM when the host does not allow it, ESRCH when there is no such thread
   */
  public static void seize(int tid) throws HostException {
    HostCall.check(
        HostCall.call(Sys.PTRACE, PTRACE_SEIZE, tid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL),
        "tracing a thread of another process (kernel.yama.ptrace_scope may forbid it)");
  }

  /** Has a seized thread stop with what {@link #bare} tells. */
  public static void interrupt(int tid) {
    HostCall.call(Sys.PTRACE, PTRACE_INTERRUPT, tid, 0, 0);
  }

  /**
   * Lets a stopped thread go on.
   *
   * @param how {@link #SYSEMU}, {@link #CONT} or {@link #SINGLESTEP}
   * @param signal what it gets first; 0 for nothing
   * @return 0, or an errno negated
   */
  public static long resume(int tid, int how, int signal) {
    return HostCall.call(Sys.PTRACE, how, tid, 0, signal);
  }

  /**
   * Waits for the next stop of a seized thread. Its death ends the wait too, and leaves it for
   * {@link HostWait#traced} or its parent to reap.
   *
   * @param information takes {@link #SIGINFO_SIZE} bytes
   * @return {@link #SYSCALL_STOP}, the signal that is about to be delivered, {@link #GONE}, or what
   *     {@link #bare} knows
   */
  public static int awaitStop(int tid, MemorySegment information) {
    long result;
    do {
      result =
          HostCall.call(Sys.WAITID, P_PID, tid, information.address(), WSTOPPED | WALL_NOTHREAD, 0);
    } while (result == -Errno.EINTR);
    return result == 0 ? information.get(JAVA_INT, SIGINFO_STATUS) : GONE;
  }

  /** Whether a stop says nothing but that there is one. */
  public static boolean bare(int stop) {
    return stop >> 8 == PTRACE_EVENT_STOP;
  }
}
