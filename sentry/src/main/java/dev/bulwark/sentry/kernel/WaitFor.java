package dev.bulwark.sentry.kernel;

/**
 * Which children a wait is for, and which changes of theirs.
 *
 * @param target whose children count
 * @param id the pid or process group, unused for {@link Target#ANY}
 * @param ended whether ends count (WEXITED)
 * @param stopped whether stops count (WSTOPPED, WUNTRACED)
 * @param continued whether continues count (WCONTINUED)
 * @param keep whether what is reported can be reported again (WNOWAIT)
 * @param kind which children count besides
 */
public record WaitFor(
    Target target,
    int id,
    boolean ended,
    boolean stopped,
    boolean continued,
    boolean keep,
    Kind kind) {

  private static final int SIGCHLD = 17;

  /** What a child tells its parent at its end. */
  public enum Kind {
    /** Children that send SIGCHLD. */
    ORDINARY,
    /** Children that send something else, or nothing (__WCLONE). */
    CLONE,
    /** Both (__WALL). */
    ALL
  }

  /** The meaning of the identifier. */
  public enum Target {
    /** Every child. */
    ANY,
    /** The child with that pid. */
    PROCESS,
    /** Children in that process group. */
    GROUP
  }

  boolean selects(ThreadGroup child) {
    boolean clone = child.exitSignal() != SIGCHLD;
    if (kind != Kind.ALL && clone != (kind == Kind.CLONE)) {
      return false;
    }
    return switch (target) {
      case ANY -> true;
      case PROCESS -> child.pid() == id;
      case GROUP -> child.group.id() == id;
    };
  }

  boolean wants(WaitStatus status) {
    return switch (status) {
      case WaitStatus.Exited _, WaitStatus.Signalled _ -> ended;
      case WaitStatus.Stopped _ -> stopped;
      case WaitStatus.Continued _ -> continued;
    };
  }
}
