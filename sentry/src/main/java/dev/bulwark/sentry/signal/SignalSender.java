package dev.bulwark.sentry.signal;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.kernel.ProcessTree;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends signals. No method waits; all may be called by any thread, but not with the lock of a
 * process's signals held.
 */
public final class SignalSender {
  private SignalSender() {}

  /**
   * Sends to one task, without asking whether the sender may.
   *
   * @return 0, or EAGAIN negated when RLIMIT_SIGPENDING admits no more
   */
  public static long send(Task to, SignalInfo info) {
    return sent(to.process(), info, to.process().signals().send(info, to.signals(), null, false));
  }

  /** Whoever waits for the process sees at once that SIGCONT has made it go on. */
  private static long sent(ThreadGroup to, SignalInfo info, int result) {
    if (info.signo() == Signals.SIGCONT) {
      to.signals().announceJob();
    }
    return Math.min(0, result);
  }

  /** Sends a signal that a task's own call has caused, such as SIGPIPE, as if it had sent it. */
  public static void sendAsItself(Task task, int signal) {
    send(
        task,
        SignalInfo.user(
            signal, SignalInfo.SI_USER, task.process().pid(), task.credentials().uid()));
  }

  /** Sends to a process as a whole; one of its tasks takes it. Otherwise as {@link #send}. */
  public static long sendToProcess(ThreadGroup to, SignalInfo info) {
    return sent(to, info, to.signals().send(info, null, null, false));
  }

  /** Sends to all members of a process group, without asking. No such group is no error. */
  public static void sendToGroup(ProcessTree tree, int group, SignalInfo info) {
    for (ThreadGroup member : tree.members(group)) {
      sendToProcess(member, info);
    }
  }

  /**
   * Sends a signal whose queue entry exists once and is owned by a timer.
   *
   * @param to the process
   * @param only the one task it is for, or null
   * @return whether it was queued or ignored; false when it is pending already, so that the timer
   *     counts an overrun
   */
  public static boolean sendOwned(
      ThreadGroup to, @Nullable Task only, SignalInfo info, QueuedSignal owner) {
    return to.signals().send(info, only == null ? null : only.signals(), owner, false) != 1;
  }

  /**
   * Sends from outside of the sandbox, as the runtime's {@code kill} does: SIGKILL and SIGSTOP
   * reach even the first process.
   */
  public static void sendFromOutside(ThreadGroup to, SignalInfo info) {
    sent(to, info, to.signals().send(info, null, null, true));
  }

  /**
   * Sends a fault that the calling task has caused. Where it is blocked or ignored the default
   * action is taken.
   */
  public static void force(Task task, SignalInfo info) {
    task.process().signals().force(task.signals(), info, false);
  }

  /** Ends the process of the calling task by a signal that no handler sees. */
  public static void forceFatal(Task task, int signal) {
    task.process().signals().force(task.signals(), SignalInfo.kernel(signal), true);
  }

  /**
   * What becomes of a task whose signal frame could not be written or read: SIGSEGV, and no handler
   * for it when it was SIGSEGV's own frame.
   *
   * @param signal the signal of the frame
   */
  static void forceBadFrame(Task task, int signal) {
    if (signal == Signals.SIGSEGV) {
      forceFatal(task, Signals.SIGSEGV);
    } else {
      force(task, SignalInfo.kernel(Signals.SIGSEGV));
    }
  }

  /**
   * Whether a task may send a signal to a process (kill(2)): same user in one of four ways,
   * CAP_KILL, its own process, or SIGCONT within the session.
   *
   * @return 0 or EPERM negated
   */
  public static int mayKill(Task sender, ThreadGroup to, int signal) {
    return mayKill(sender, to, to.signals().credentials(), signal);
  }

  private static int mayKill(Task sender, ThreadGroup to, Credentials theirs, int signal) {
    if (sender.process().equals(to)) {
      return 0;
    }
    Credentials own = sender.credentials();
    if (own.euid() == theirs.suid()
        || own.euid() == theirs.uid()
        || own.uid() == theirs.suid()
        || own.uid() == theirs.uid()
        || own.has(Capability.KILL)) {
      return 0;
    }
    ProcessTree tree = sender.kernel().processes();
    if (signal == Signals.SIGCONT && tree.session(to, 0) == tree.session(sender.process(), 0)) {
      return 0;
    }
    return -Errno.EPERM;
  }

  /**
   * What Linux checks once it has found the receiver.
   *
   * @return 0 or negated: EINVAL for a number that is no signal, EPERM
   */
  static long check(Task sender, ThreadGroup to, Credentials theirs, SignalInfo info) {
    if (info.signo() != 0 && !Signals.valid(info.signo())) {
      return -Errno.EINVAL;
    }
    return info.fromUser() ? mayKill(sender, to, theirs, info.signo()) : 0;
  }

  /**
   * Sends after asking; signal 0 only asks.
   *
   * @return 0 or negated: EINVAL, EPERM, EAGAIN
   */
  static long sendChecked(Task sender, ThreadGroup to, SignalInfo info) {
    long refused = check(sender, to, to.signals().credentials(), info);
    return refused != 0 || info.signo() == 0 ? refused : sendToProcess(to, info);
  }

  /**
   * Sends to all members of a process group that may be sent to.
   *
   * @return 0 when one could be, or negated: EPERM, ESRCH when the group has no members
   */
  static long sendToGroupChecked(Task sender, int group, SignalInfo info) {
    return sendToSeveral(sender, sender.kernel().processes().members(group), info);
  }

  private static long sendToSeveral(Task sender, List<ThreadGroup> members, SignalInfo info) {
    long failure = -Errno.ESRCH;
    boolean sent = false;
    for (ThreadGroup member : members) {
      long result = sendChecked(sender, member, info);
      sent |= result == 0;
      failure = result;
    }
    return sent ? 0 : failure;
  }

  /**
   * Sends to every process but the first one and the sender's own (kill(2) with -1).
   *
   * @return 0 or negated: ESRCH when there is nobody, or the last error but EPERM
   */
  static long sendToAll(Task sender, SignalInfo info) {
    Kernel kernel = sender.kernel();
    long result = -Errno.ESRCH;
    boolean any = false;
    for (ThreadGroup process : kernel.processes().all()) {
      if (process.pid() > 1 && !process.equals(sender.process())) {
        long one = sendChecked(sender, process, info);
        if (!any) {
          result = 0;
          any = true;
        }
        if (one != -Errno.EPERM) {
          result = one;
        }
      }
    }
    return result;
  }
}
