package dev.bulwark.runtime.oci;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process to start in a container: its first one, or one of {@code exec}.
 *
 * @param terminal whether its standard streams are a pseudoterminal
 * @param consoleSize the terminal's first size; null to leave the default
 * @param user whose it is
 * @param args the program and its arguments, at least one
 * @param env {@code NAME=value} each
 * @param cwd the absolute working directory
 * @param capabilities the five sets; null for none at all
 * @param rlimits each type once
 * @param noNewPrivileges whether execve(2) never gains privileges
 * @param apparmorProfile accepted; there is no AppArmor inside
 * @param selinuxLabel accepted; there is no SELinux inside
 * @param oomScoreAdj -1000 to 1000; null to leave the runtime's
 * @param scheduler accepted; null when the default policy will do
 * @param ioPriority accepted; null when the default will do
 */
@SuppressWarnings("AvoidCommonTypeNames") // The specification's name.
public record Process(
    boolean terminal,
    @Nullable ConsoleSize consoleSize,
    User user,
    List<String> args,
    List<String> env,
    String cwd,
    @Nullable Capabilities capabilities,
    List<Rlimit> rlimits,
    boolean noNewPrivileges,
    String apparmorProfile,
    String selinuxLabel,
    @Nullable Integer oomScoreAdj,
    @Nullable Scheduler scheduler,
    @Nullable IoPriority ioPriority) {

  /**
   * The size of a terminal, in characters.
   *
   * @param height 0 to 65535
   * @param width 0 to 65535
   */
  public record ConsoleSize(int height, int width) {}

  /**
   * Whose a process is, in the container's own numbers.
   *
   * @param uid without sign; never -1
   * @param gid without sign; never -1
   * @param umask 0 to 0777; null for the default, 022
   * @param additionalGids supplementary groups, without sign
   */
  public record User(int uid, int gid, @Nullable Integer umask, List<Integer> additionalGids) {}

  /**
   * A resource limit, in the units of setrlimit(2).
   *
   * @param resource the number of the resource
   * @param type its name, {@code RLIMIT_NOFILE}
   * @param hard without sign; -1 is RLIM_INFINITY
   * @param soft without sign; at most {@code hard}
   */
  public record Rlimit(int resource, String type, long hard, long soft) {}

  /**
   * A scheduling policy, as for sched_setattr(2).
   *
   * @param policy its name, {@code SCHED_BATCH}
   * @param nice -20 to 19
   * @param priority 0 to 99
   * @param flags their names
   * @param runtime nanoseconds, without sign
   * @param deadline nanoseconds, without sign
   * @param period nanoseconds, without sign
   */
  public record Scheduler(
      String policy,
      int nice,
      int priority,
      List<String> flags,
      long runtime,
      long deadline,
      long period) {}

  /**
   * A priority of input and output, as for ioprio_set(2).
   *
   * @param type its class, {@code IOPRIO_CLASS_BE}
   * @param priority 0, the most urgent, to 7
   */
  public record IoPriority(String type, int priority) {}
}
