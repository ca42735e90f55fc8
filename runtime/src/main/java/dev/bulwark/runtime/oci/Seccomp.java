package dev.bulwark.runtime.oci;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A filter of system calls.
 *
 * @param defaultAction what happens to a call that no rule is about
 * @param defaultErrnoRet the errno of that action, 1 for EPERM by default; null when it has none
 * @param architectures whose calls the rules are about, {@code SCMP_ARCH_X86_64}
 * @param flags of seccomp(2), {@code SECCOMP_FILTER_FLAG_LOG}
 * @param listenerPath of a socket to send the notification descriptor to; empty for none
 * @param listenerMetadata what to send with it
 * @param syscalls the rules, in order
 */
public record Seccomp(
    Action defaultAction,
    @Nullable Integer defaultErrnoRet,
    List<String> architectures,
    List<String> flags,
    String listenerPath,
    String listenerMetadata,
    List<Syscall> syscalls) {

  /** What happens to a call. */
  public enum Action {
    /** The thread is killed. */
    SCMP_ACT_KILL,
    /** The process is killed. */
    SCMP_ACT_KILL_PROCESS,
    /** The thread is killed. */
    SCMP_ACT_KILL_THREAD,
    /** The thread gets SIGSYS. */
    SCMP_ACT_TRAP,
    /** The call fails with an errno. */
    SCMP_ACT_ERRNO,
    /** A tracer decides; without one the call fails with ENOSYS. */
    SCMP_ACT_TRACE,
    /** The call is made. */
    SCMP_ACT_ALLOW,
    /** The call is made and logged. */
    SCMP_ACT_LOG,
    /** A supervisor decides. */
    SCMP_ACT_NOTIFY
  }

  /** How an argument is compared. */
  public enum Operator {
    /** Not equal. */
    SCMP_CMP_NE,
    /** Less, without sign. */
    SCMP_CMP_LT,
    /** Less or equal, without sign. */
    SCMP_CMP_LE,
    /** Equal. */
    SCMP_CMP_EQ,
    /** Greater or equal, without sign. */
    SCMP_CMP_GE,
    /** Greater, without sign. */
    SCMP_CMP_GT,
    /** Its bits that are in {@code value} equal {@code valueTwo}. */
    SCMP_CMP_MASKED_EQ
  }

  /**
   * A rule.
   *
   * @param names of calls, at least one; unknown ones are of other kernels
   * @param action what happens to them
   * @param errnoRet the errno of that action; null when it has none
   * @param args what must be true of the arguments, all of it; none when the rule always holds. As
   *     libseccomp does, an argument that is named twice makes the comparisons alternatives.
   */
  public record Syscall(
      List<String> names, Action action, @Nullable Integer errnoRet, List<Arg> args) {}

  /**
   * A comparison of an argument.
   *
   * @param index 0 to 5
   * @param value without sign
   * @param valueTwo without sign
   * @param op how
   */
  public record Arg(int index, long value, long valueTwo, Operator op) {}
}
