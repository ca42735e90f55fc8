package dev.bulwark.sentry.boot;

import dev.bulwark.control.Message;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.kernel.WaitStatus;
import dev.bulwark.sentry.syscall.SyscallTable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the runtime command is told when the sandbox's init has ended: a remark when the sandbox
 * itself may be the reason of a bad end.
 */
final class EndReport {
  /** Calls that programs make to find out whether they exist; a refusal is no reason to fail. */
  private static final Set<Long> PROBES =
      Set.of(
          (long) Sys.RSEQ,
          (long) Sys.IO_URING_SETUP,
          (long) Sys.USERFAULTFD,
          (long) Sys.PERF_EVENT_OPEN,
          (long) Sys.MEMBARRIER,
          (long) Sys.BPF);

  /** Shells and C libraries use codes from here on when something could not even be tried. */
  private static final int FAILED = 125;

  private static final int MOST_NAMED = 5;

  private EndReport() {}

  /**
   * Composes the report.
   *
   * @param notices what the kernel noted, as sentences
   */
  static Message of(WaitStatus status, SyscallTable table, List<String> notices) {
    return new Message.Ended(status.encoded(), remark(status, table.refusals(), notices));
  }

  static String remark(WaitStatus status, Map<Long, Long> refusals, List<String> notices) {
    String ended =
        status instanceof WaitStatus.Signalled signalled
            ? "died of signal " + signalled.signal()
            : status instanceof WaitStatus.Exited exited
                ? "ended with code " + exited.code()
                : "ended";
    if (!notices.isEmpty()) {
      return "the program " + ended + "; " + notices.getLast();
    }
    if (status instanceof WaitStatus.Exited exited && exited.code() < FAILED) {
      return ""; // it had its say
    }
    String missed =
        refusals.entrySet().stream()
            .filter(entry -> !PROBES.contains(entry.getKey()))
            .limit(MOST_NAMED)
            .map(entry -> name(entry.getKey()) + " (" + entry.getValue() + " times)")
            .collect(Collectors.joining(", "));
    return missed.isEmpty()
        ? ""
        : "the program "
            + ended
            + "; it asked for system calls that a sandbox does not have: "
            + missed
            + "; 'bulwark syscalls' lists them all, --strace shows who asks";
  }

  private static String name(long number) {
    return number == SyscallTable.OTHER_NUMBERS ? "others" : Sys.name(number);
  }
}
