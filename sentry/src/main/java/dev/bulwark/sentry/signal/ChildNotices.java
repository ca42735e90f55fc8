package dev.bulwark.sentry.signal;

import dev.bulwark.sentry.kernel.ProcessEvents;
import dev.bulwark.sentry.kernel.ProcessGroup;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.kernel.WaitStatus;

/** Turns changes in the tree of processes into signals. Thread-safe. */
public final class ChildNotices implements ProcessEvents {
  /** Nanoseconds of a clock tick, in which siginfo counts CPU time. */
  private static final long TICK = 10_000_000;

  /** Keeps no state. */
  public ChildNotices() {}

  @Override
  public void childChanged(ThreadGroup parent, ThreadGroup child, WaitStatus status) {
    SignalAction action = parent.signals().actions().get(Signals.SIGCHLD);
    int signal =
        switch (status) {
          case WaitStatus.Exited _, WaitStatus.Signalled _ -> child.exitSignal();
          case WaitStatus.Stopped _, WaitStatus.Continued _ ->
              action.has(SignalAction.SA_NOCLDSTOP) ? 0 : Signals.SIGCHLD;
        };
    if (signal != 0 && !(signal == Signals.SIGCHLD && action.ignores())) {
      parent.signals().send(describe(signal, child, status), null, null, false);
    }
    parent.signals().wakeAll();
  }

  /** The siginfo of SIGCHLD, which waitid(2) fills in too. */
  public static SignalInfo describe(int signal, ThreadGroup child, WaitStatus status) {
    int code;
    int detail;
    switch (status) {
      case WaitStatus.Exited exited -> {
        code = SignalInfo.CLD_EXITED;
        detail = exited.code();
      }
      case WaitStatus.Signalled signalled -> {
        code = signalled.coreDumped() ? SignalInfo.CLD_DUMPED : SignalInfo.CLD_KILLED;
        detail = signalled.signal();
      }
      case WaitStatus.Stopped stopped -> {
        code = SignalInfo.CLD_STOPPED;
        detail = stopped.signal();
      }
      case WaitStatus.Continued _ -> {
        code = SignalInfo.CLD_CONTINUED;
        detail = Signals.SIGCONT;
      }
    }
    int uid = child.signals().credentials().uid();
    return SignalInfo.child(
        signal,
        code,
        child.pid(),
        uid,
        detail,
        child.cpu().userNanos() / TICK,
        child.systemNanos() / TICK);
  }

  @Override
  public boolean discardsChildren(ThreadGroup parent) {
    SignalAction action = parent.signals().actions().get(Signals.SIGCHLD);
    return action.ignores() || action.has(SignalAction.SA_NOCLDWAIT);
  }

  @Override
  public void orphanedWithStopped(ProcessGroup group) {
    for (ThreadGroup member : group.members()) {
      SignalSender.sendToProcess(member, SignalInfo.kernel(Signals.SIGHUP));
      SignalSender.sendToProcess(member, SignalInfo.kernel(Signals.SIGCONT));
    }
  }

  @Override
  public void parentEnded(ThreadGroup child) {
    for (TaskSignals task : child.signals().tasks()) {
      int signal = task.task().attributes().deathSignal();
      if (signal != 0) {
        SignalSender.sendToProcess(child, SignalInfo.user(signal, SignalInfo.SI_USER, 0, 0));
      }
    }
  }
}
