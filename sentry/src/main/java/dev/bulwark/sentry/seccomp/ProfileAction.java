package dev.bulwark.sentry.seccomp;

import dev.bulwark.control.SeccompProfile;
import dev.bulwark.linux.Errno;

/** What the actions of a container's profile are as a filter's answers. */
final class ProfileAction {
  private ProfileAction() {}

  /**
   * A filter's answer.
   *
   * @param errno as the profile gives it; EPERM where it gives none, as runc has it
   * @throws IllegalArgumentException for an action that the Sentry cannot carry out
   */
  static int verdict(SeccompProfile.Action action, int errno) {
    int data = errno == SeccompProfile.NO_ERRNO ? Errno.EPERM : errno;
    return switch (action) {
      case KILL, KILL_THREAD -> Actions.KILL_THREAD;
      case KILL_PROCESS -> Actions.KILL_PROCESS;
      case TRAP -> Actions.TRAP;
      case ERRNO -> Actions.ERRNO | data;
      case TRACE -> Actions.TRACE | data;
      case LOG -> Actions.LOG;
      case ALLOW -> Actions.ALLOW;
      case NOTIFY ->
          throw new IllegalArgumentException(
              "linux.seccomp: SCMP_ACT_NOTIFY is not supported, since no agent outside can answer"
                  + " for the sandbox's calls; use SCMP_ACT_ERRNO in the profile");
    };
  }

  /** Whether a default lets calls through, so that unknown ones need no answer of their own. */
  static boolean permissive(int verdict) {
    return switch (verdict & Actions.ACTION_MASK) {
      case Actions.ALLOW, Actions.LOG, Actions.TRACE -> true;
      default -> false;
    };
  }
}
