package dev.bulwark.sentry.tty;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.kernel.ProcessTree;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.signal.SignalAction;
import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.signal.SignalSender;
import dev.bulwark.sentry.signal.SignalSet;
import dev.bulwark.sentry.signal.Signals;
import java.util.List;

/**
 * The relation of sessions and terminals: who controls whom, who may read, and what happens when
 * either ends (credentials(7), POSIX chapter 11).
 */
public final class ControllingTerminal {
  private ControllingTerminal() {}

  static boolean leads(ProcessTree tree, ThreadGroup process) {
    return tree.session(process, 0) == process.pid();
  }

  /** Whether a process group exists and belongs to a session. */
  static boolean inSession(ProcessTree tree, int group, int session) {
    List<ThreadGroup> members = tree.members(group);
    return !members.isEmpty() && tree.session(members.getFirst(), 0) == session;
  }

  /**
   * An opened terminal becomes the controlling one when the opener leads a session that has none.
   */
  static void opened(Task task, Pty pty) {
    ThreadGroup process = task.process();
    if (process.terminal() == null && leads(task.kernel().processes(), process)) {
      take(task, pty, false);
    }
  }

  private static boolean take(Task task, Pty pty, boolean steal) {
    ProcessTree tree = task.kernel().processes();
    ThreadGroup process = task.process();
    int former = pty.session();
    if (!pty.control(tree.session(process, 0), tree.group(process, 0), steal)) {
      return false;
    }
    if (former != 0) {
      forget(tree, former, pty);
    }
    process.setTerminal(pty);
    return true;
  }

  /**
   * TIOCSCTTY.
   *
   * @param steal whether the caller may and wants to take it from another session
   * @return 0 or EPERM negated
   */
  static long take(Task task, Pty pty, boolean readable, boolean steal) {
    ProcessTree tree = task.kernel().processes();
    ThreadGroup process = task.process();
    boolean leader = leads(tree, process);
    if (leader && pty.session() == tree.session(process, 0)) {
      return 0;
    }
    if (!leader || process.terminal() != null || !readable || !take(task, pty, steal)) {
      return -Errno.EPERM;
    }
    return 0;
  }

  /** TIOCNOTTY: a process gives its terminal up; a leader does so for its whole session. */
  static long giveUp(Task task, Pty pty) {
    ProcessTree tree = task.kernel().processes();
    ThreadGroup process = task.process();
    if (!pty.equals(process.terminal())) {
      return -Errno.ENOTTY;
    }
    if (!leads(tree, process)) {
      process.setTerminal(null);
      return 0;
    }
    int group = pty.release();
    if (group != 0) {
      SignalSender.sendToGroup(tree, group, SignalInfo.kernel(Signals.SIGHUP));
      SignalSender.sendToGroup(tree, group, SignalInfo.kernel(Signals.SIGCONT));
    }
    forget(tree, process.pid(), pty);
    return 0;
  }

  /** Gives the first process of a sandbox, which leads a session, its controlling terminal. */
  public static void begin(ProcessTree tree, ThreadGroup process, Pty pty) {
    pty.control(tree.session(process, 0), tree.group(process, 0), false);
    process.setTerminal(pty);
  }

  private static void forget(ProcessTree tree, int session, Pty pty) {
    for (ThreadGroup process : tree.all()) {
      if (pty.equals(process.terminal()) && tree.session(process, 0) == session) {
        process.setTerminal(null);
      }
    }
  }

  /**
   * The terminal is gone for everybody who has it open. The leader of its session gets SIGHUP and
   * SIGCONT.
   *
   * @param leaderEnds whether it is because the leader ends; the foreground group is told then too
   */
  static void hangUp(ProcessTree tree, Pty pty, boolean leaderEnds) {
    int[] controlled = pty.cutOff();
    int session = controlled[0];
    if (session == 0) {
      return;
    }
    ThreadGroup leader = tree.find(session);
    if (leader != null) {
      SignalSender.sendToProcess(leader, SignalInfo.kernel(Signals.SIGHUP));
      SignalSender.sendToProcess(leader, SignalInfo.kernel(Signals.SIGCONT));
    }
    int group = controlled[1];
    if (leaderEnds && group != 0 && inSession(tree, group, session)) {
      SignalSender.sendToGroup(tree, group, SignalInfo.kernel(Signals.SIGHUP));
      SignalSender.sendToGroup(tree, group, SignalInfo.kernel(Signals.SIGCONT));
    }
    forget(tree, session, pty);
  }

  /**
   * A process is about to end: when it leads the session of its terminal, the terminal hangs up. To
   * be called before the tree of processes is told of the end.
   */
  public static void processEnds(ProcessTree tree, ThreadGroup process) {
    Pty pty = process.terminal();
    if (pty != null && leads(tree, process) && pty.session() == process.pid()) {
      hangUp(tree, pty, true);
    }
  }

  /**
   * Stops a background process that uses its terminal (Linux's tty_check_change).
   *
   * @param signal SIGTTIN for reading, SIGTTOU for changing and writing
   * @return 0 when it may go on, or negated: EIO when it cannot be stopped, ERESTARTSYS when the
   *     signal is on its way
   */
  static long check(Task task, Pty pty, int signal) {
    ThreadGroup process = task.process();
    if (!pty.equals(process.terminal())) {
      return 0;
    }
    ProcessTree tree = task.kernel().processes();
    int group = tree.group(process, 0);
    int foreground = pty.foreground();
    if (foreground == 0 || foreground == group) {
      return 0;
    }
    SignalAction action = process.signals().actions().get(signal);
    if (action.ignores() || SignalSet.has(task.signals().mask(), signal)) {
      return signal == Signals.SIGTTIN ? -Errno.EIO : 0;
    }
    if (tree.orphaned(process)) {
      return -Errno.EIO;
    }
    SignalSender.sendToGroup(tree, group, SignalInfo.kernel(signal));
    task.interrupt();
    return -Errno.ERESTARTSYS;
  }
}
