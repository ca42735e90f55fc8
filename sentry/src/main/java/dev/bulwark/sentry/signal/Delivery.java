package dev.bulwark.sentry.signal;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.platform.Registers;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.WaitStatus;
import dev.bulwark.sentry.trace.Tracer;
import org.jspecify.annotations.Nullable;

/**
 * Acts on pending signals where a task is about to go back to the application: calls handlers,
 * stops, ends, and decides what becomes of an interrupted system call. Called by the task's own
 * thread, with its context stopped.
 */
public final class Delivery {
  /** Length of the {@code syscall} instruction. */
  private static final int SYSCALL_LENGTH = 2;

  private Delivery() {}

  /**
   * Whether {@link #deliver} must be called before the application goes on.
   *
   * @param result what the system call returned; 0 after a fault or a kick
   */
  public static boolean needed(Task task, long result) {
    return task.interrupted()
        || (result <= -Errno.ERESTARTSYS && result >= -Errno.ERESTART_RESTARTBLOCK)
        || task.signals().maskSaved();
  }

  /**
   * Does all that stands before the way back. A stopped process waits in here.
   *
   * @param call the number of the system call that was answered, its result already in rax; -1
   *     after a fault or a kick
   * @return {@link Decision#GO_ON}, {@link Decision#LEAVE}, or {@link Decision.End}
   */
  public static Decision deliver(Task task, long call) {
    boolean restartable = call >= 0 && call != Sys.RT_SIGRETURN;
    while (true) {
      switch (next(task)) {
        case Decision.Run run -> {
          if (restartable) {
            endOrRestart(task.context().registers(), call, run.action());
            restartable = false;
          }
          enter(task, run);
        }
        case Decision.GoOn _ -> {
          if (restartable) {
            restart(task.context().registers(), call);
            restartable = false;
          }
          task.signals().restoreMask(false);
          if (!task.interrupted()) { // the old mask may let through what was blocked
            return Decision.GO_ON;
          }
        }
        case Decision.End end -> {
          return end;
        }
        case Decision.Leave leave -> {
          return leave;
        }
      }
    }
  }

  /** Takes the next signal that leads to something, and stops where that is asked for. */
  static Decision next(Task task) {
    while (true) {
      Step step = step(task);
      trace(task, step.taken);
      if (step.decision != null) {
        return step.decision;
      }
      if (step.announce) {
        task.kernel().processes().jobChanged(task.process());
      }
      if (step.stopHere) {
        task.await(() -> !task.signals().stopped());
      }
      if (step.stopSignal != 0) {
        beginStop(task, step.stopSignal);
      }
    }
  }

  private static void trace(Task task, @Nullable SignalInfo taken) {
    Tracer tracer = taken == null ? null : task.kernel().tracer();
    if (tracer != null && taken != null) {
      tracer.signal(task, taken);
    }
  }

  /** What was found under the lock, and is to be done without it. */
  private record Step(
      @Nullable Decision decision,
      boolean announce,
      boolean stopHere,
      int stopSignal,
      @Nullable SignalInfo taken) {
    static Step of(Decision decision) {
      return new Step(decision, false, false, 0, null);
    }

    static final Step AGAIN = new Step(null, false, false, 0, null);

    Step taking(SignalInfo info) {
      return new Step(decision, announce, stopHere, stopSignal, info);
    }
  }

  private static Step step(Task task) {
    TaskSignals mine = task.signals();
    ProcessSignals all = mine.process();
    synchronized (all) {
      WaitStatus exit = all.exiting();
      if (exit != null) {
        return Step.of(new Decision.End(exit));
      }
      if (mine.dying) {
        return Step.of(Decision.LEAVE);
      }
      if (all.stop().untold()) {
        return new Step(null, true, false, 0, null);
      }
      if (mine.stopPending) {
        return new Step(null, all.stop().stopped(mine), true, 0, null);
      }
      SignalInfo info = dequeue(mine, all);
      if (info == null) {
        all.recalculate(mine);
        return Step.of(Decision.GO_ON);
      }
      return act(info, mine, all).taking(info);
    }
  }

  private static @Nullable SignalInfo dequeue(TaskSignals mine, ProcessSignals all) {
    long open = ~mine.blocked;
    SignalInfo info = mine.pending.takeSynchronous(open);
    if (info == null) {
      info = mine.pending.take(open);
    }
    return info != null ? info : all.shared().take(open);
  }

  private static Step act(SignalInfo info, TaskSignals mine, ProcessSignals all) {
    int signal = info.signo();
    SignalAction action = all.actions().get(signal);
    if (action.ignores()) {
      return Step.AGAIN;
    }
    if (!action.isDefault()) {
      if (action.has(SignalAction.SA_RESETHAND)) {
        all.actions().set(signal, action.withoutHandler());
      }
      return Step.of(new Decision.Run(info, action));
    }
    if (all.unkillable() && !SignalSet.has(SignalSet.UNBLOCKABLE, signal)) {
      return Step.AGAIN;
    }
    return switch (Signals.defaultAction(signal)) {
      case IGNORE, CONTINUE -> Step.AGAIN;
      case STOP -> {
        mine.stopTaken = true;
        yield new Step(null, false, false, signal, null);
      }
      case TERMINATE, CORE ->
          Step.of(new Decision.End(all.exitGroup(new WaitStatus.Signalled(signal, false))));
    };
  }

  /**
   * Tells all tasks of the process to stop, unless SIGCONT came meanwhile. The terminal's stop
   * signals do not stop an orphaned process group, which nobody could let go on.
   */
  private static void beginStop(Task task, int signal) {
    if (signal != Signals.SIGSTOP && task.kernel().processes().orphaned(task.process())) {
      return;
    }
    TaskSignals mine = task.signals();
    ProcessSignals all = mine.process();
    synchronized (all) {
      if (mine.stopTaken && all.exiting() == null) {
        mine.stopTaken = false;
        all.stop().begin(signal, all.guardedTasks());
      }
    }
  }

  /** Lets a handler be what the application goes on with. */
  private static void enter(Task task, Decision.Run run) {
    TaskSignals mine = task.signals();
    SignalAction action = run.action();
    int signal = run.info().signo();
    if (!SignalFrame.push(task, run.info(), action)) {
      SignalSender.forceBadFrame(task, signal);
      return;
    }
    long blocked = mine.mask() | action.mask();
    if (!action.has(SignalAction.SA_NODEFER)) {
      blocked |= SignalSet.bit(signal);
    }
    mine.setMask(blocked);
  }

  /** An interrupted call ends with EINTR, or is made again after the handler. */
  private static void endOrRestart(Registers registers, long call, SignalAction action) {
    switch ((int) -Math.max(registers.rax(), -4096)) {
      case Errno.ERESTARTNOHAND, Errno.ERESTART_RESTARTBLOCK ->
          registers.set(Registers.RAX, -Errno.EINTR);
      case Errno.ERESTARTSYS -> {
        if (action.has(SignalAction.SA_RESTART)) {
          repeat(registers, call);
        } else {
          registers.set(Registers.RAX, -Errno.EINTR);
        }
      }
      case Errno.ERESTARTNOINTR -> repeat(registers, call);
      default -> {}
    }
  }

  /** An interrupted call that no handler saw is made again. */
  private static void restart(Registers registers, long call) {
    switch ((int) -Math.max(registers.rax(), -4096)) {
      case Errno.ERESTARTSYS, Errno.ERESTARTNOINTR, Errno.ERESTARTNOHAND -> repeat(registers, call);
      case Errno.ERESTART_RESTARTBLOCK -> repeat(registers, Sys.RESTART_SYSCALL);
      default -> {}
    }
  }

  private static void repeat(Registers registers, long call) {
    registers.set(Registers.RAX, call);
    registers.set(Registers.RIP, registers.rip() - SYSCALL_LENGTH);
  }

  /** Takes an ending task out of its process; signals meant for the process go to the others. */
  public static void leave(Task task) {
    if (task.process().signals().detach(task.signals())) {
      task.kernel().processes().jobChanged(task.process());
    }
  }
}
