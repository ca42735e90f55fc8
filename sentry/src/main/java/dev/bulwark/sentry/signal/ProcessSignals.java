package dev.bulwark.sentry.signal;

import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.kernel.WaitStatus;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of a process share of signals: actions, the signals sent to the process as a
 * whole, stopping, and ending together. Thread-safe; its monitor guards all signal state of the
 * process and of its tasks (Linux's siglock).
 */
public final class ProcessSignals {
  private final ThreadGroup process;
  private final SignalBudget budget;
  private final PendingSignals shared;
  private final List<TaskSignals> tasks = new ArrayList<>();
  private final GroupStop stop = new GroupStop();
  private final WaitQueue arrivals = new WaitQueue();
  private volatile SignalActions actions = new SignalActions();
  private volatile @Nullable WaitStatus exit;
  private volatile Credentials credentials = Credentials.of(0, 0, new int[0], 0);
  private boolean unkillable;
  private @Nullable TaskSignals survivor;

  /**
   * State with default actions and no tasks. The first process of a sandbox gets no signals from
   * inside that it has no handler for.
   *
   * @param budget counts queued signals in the whole sandbox
   */
  public ProcessSignals(ThreadGroup process, SignalBudget budget) {
    this.process = process;
    this.budget = budget;
    this.shared = new PendingSignals(budget);
    this.unkillable = process.pid() == 1;
  }

  /** The count of queued signals in the whole sandbox. */
  public SignalBudget budget() {
    return budget;
  }

  /** The actions, which may be shared with other processes. */
  public SignalActions actions() {
    return actions;
  }

  /**
   * Takes over the actions of the process that forks.
   *
   * @param share whether both use the same from now on (CLONE_SIGHAND)
   * @param clear whether handlers go back to the default (CLONE_CLEAR_SIGHAND)
   */
  public void inherit(ProcessSignals parent, boolean share, boolean clear) {
    SignalActions theirs = parent.actions;
    actions = share ? theirs : clear ? theirs.cleared() : theirs.copy();
  }

  /** execve(2): handlers go back to the default, in a set of actions of its own. */
  public void executed() {
    actions = actions.cleared();
  }

  /**
   * Adds a task that begins to live.
   *
   * @return false when the process is about to end, or one of its tasks is executing a program; the
   *     new task must not start then
   */
  public synchronized boolean attach(TaskSignals task) {
    if (exit != null || survivor != null) {
      return false;
    }
    tasks.add(task);
    credentials = task.task().credentials();
    stop.added(task);
    return true;
  }

  /**
   * Takes out a task that ends: others take over the signals meant for the process.
   *
   * @return whether the process has stopped by this; the caller then tells the tree of processes
   *     with {@code jobChanged}
   */
  public synchronized boolean detach(TaskSignals task) {
    if (!tasks.remove(task)) {
      return false;
    }
    credentials = task.task().credentials();
    task.pending.discard(-1);
    boolean stopped = stop.released(task) && !tasks.isEmpty();
    task.dying = true;
    if (tasks.isEmpty()) {
      shared.discard(-1);
    } else {
      retarget(task, ~task.blocked);
    }
    if (survivor != null) {
      survivor.task().wake();
    }
    return stopped;
  }

  /** How many tasks live. */
  public synchronized int count() {
    return tasks.size();
  }

  /** The tasks that live, in the order of their start. */
  public synchronized List<TaskSignals> tasks() {
    return List.copyOf(tasks);
  }

  /** Identities of the first task, or of the last one that ended: whom kill(2) asks about. */
  public synchronized Credentials credentials() {
    TaskSignals main = main();
    return main == null ? credentials : main.task().credentials();
  }

  /** Makes all tasks of the process look at their conditions again, such as those in wait4(2). */
  public synchronized void wakeAll() {
    tasks.forEach(task -> task.task().wake());
  }

  /** Woken (as readable) when a signal is queued for the process or one of its tasks. */
  public WaitQueue arrivals() {
    return arrivals;
  }

  /** The signals sent to the process as a whole and not yet taken (ShdPnd). */
  public synchronized long sharedPending() {
    return shared.set();
  }

  long sharedSet() {
    return shared.set();
  }

  /** Whether the process has stopped. */
  public synchronized boolean stopComplete() {
    return stop.complete();
  }

  /**
   * Takes the oldest change of job control that the parent has yet to hear of, or gives null. The
   * tree of processes calls this with its lock held.
   */
  public synchronized @Nullable WaitStatus takeJobChange() {
    return stop.takeUntold();
  }

  /** Lets the tree of processes hear of changes of job control. */
  void announceJob() {
    TaskSignals any;
    synchronized (this) {
      any = stop.untold() ? main() : null;
    }
    if (any != null) {
      any.task().kernel().processes().jobChanged(process);
    }
  }

  /** How the process ends, when that is decided; null while it lives on. */
  public @Nullable WaitStatus exiting() {
    return exit;
  }

  /**
   * Ends the whole process: every task leaves.
   *
   * @return how it ends: the first caller's status
   */
  public synchronized WaitStatus exitGroup(WaitStatus status) {
    WaitStatus decided = exit;
    if (decided == null) {
      decided = status;
      exit = status;
      stop.cancel(tasks);
      tasks.forEach(ProcessSignals::doom);
    }
    return decided;
  }

  /**
   * Makes all other tasks leave, for execve(2). The caller waits, ending at {@link
   * TaskSignals#dying}, until {@link #count} is 1; it is woken when it changes. {@link
   * #endSurvival} must follow in any case.
   *
   * @return false when the process is ending or another task was first (EAGAIN)
   */
  public synchronized boolean killOthers(TaskSignals caller) {
    if (exit != null || survivor != null || caller.dying) {
      return false;
    }
    survivor = caller;
    for (TaskSignals task : tasks) {
      if (!task.equals(caller)) {
        stop.released(task);
        doom(task);
      }
    }
    return true;
  }

  /** The others have left, or the caller of {@link #killOthers} was killed itself. */
  public synchronized void endSurvival() {
    survivor = null;
  }

  private static void doom(TaskSignals task) {
    task.dying = true;
    task.stopped = false;
    task.task().interrupt();
  }

  /**
   * Sends a signal, without asking whether the sender may.
   *
   * @param only the task it is meant for, or null for the process
   * @param owner the owner of the queue entry, or null when it is counted by RLIMIT_SIGPENDING
   * @param outside whether it comes from outside of the sandbox, against which even the first
   *     process has no protection
   * @return 0, 1 when it was pending already, or EAGAIN negated when the queue is full
   */
  synchronized int send(
      SignalInfo info, @Nullable TaskSignals only, @Nullable QueuedSignal owner, boolean outside) {
    TaskSignals addressee = only != null ? only : main();
    if (exit != null || addressee == null || addressee.dying) {
      discard(owner);
      return 0;
    }
    int signal = info.signo();
    settleJobControl(signal);
    if (ignores(addressee, signal, outside)) {
      discard(owner);
      return 0;
    }
    PendingSignals queue = only != null ? only.pending : shared;
    int uid = addressee.task().credentials().uid();
    int result = queue.add(info, owner, uid, process.limits().soft(Limits.SIGPENDING));
    if (result == 0) {
      arrivals.wake(PollEvents.IN);
      chooseReceiver(signal, addressee, only != null, outside);
    }
    return result;
  }

  private static void discard(@Nullable QueuedSignal owner) {
    if (owner != null) {
      owner.discarded();
    }
  }

  /** The task that signals for the process go to first. */
  private @Nullable TaskSignals main() {
    for (TaskSignals task : tasks) {
      if (task.task().tid() == process.pid()) {
        return task;
      }
    }
    return tasks.isEmpty() ? null : tasks.getFirst();
  }

  /** SIGCONT and the stop signals undo each other as they are sent, even where they are blocked. */
  private void settleJobControl(int signal) {
    if (SignalSet.has(SignalSet.STOPS, signal)) {
      discardEverywhere(SignalSet.CONTINUE);
    } else if (signal == Signals.SIGCONT) {
      discardEverywhere(SignalSet.STOPS);
      stop.undo(tasks);
    }
  }

  private void discardEverywhere(long signals) {
    shared.discard(signals);
    tasks.forEach(task -> task.pending.discard(signals));
  }

  /** A signal that would do nothing is dropped at once, but kept where it is blocked. */
  private boolean ignores(TaskSignals task, int signal, boolean outside) {
    if (SignalSet.has(task.blocked | task.blockedBeforeWait, signal)) {
      return false;
    }
    if (unkillable
        && actions.get(signal).isDefault()
        && !(outside && SignalSet.has(SignalSet.UNBLOCKABLE, signal))) {
      return true;
    }
    return actions.ignored(signal);
  }

  /** Picks the task that shall take the signal and interrupts it (Linux's complete_signal). */
  private void chooseReceiver(int signal, TaskSignals first, boolean onlyFirst, boolean outside) {
    TaskSignals receiver = null;
    if (wants(first, signal)) {
      receiver = first;
    } else if (!onlyFirst) {
      for (TaskSignals task : tasks) {
        if (wants(task, signal)) {
          receiver = task;
          break;
        }
      }
    }
    if (receiver == null) {
      return; // whoever unblocks it looks for it then
    }
    boolean deadly =
        actions.fatal(signal)
            && (!unkillable || (outside && signal == Signals.SIGKILL))
            && !SignalSet.has(receiver.blockedBeforeWait, signal)
            && Signals.defaultAction(signal) == Signals.DefaultAction.TERMINATE;
    if (deadly) {
      exitGroup(new WaitStatus.Signalled(signal, false));
    } else {
      receiver.task().interrupt();
    }
  }

  private static boolean wants(TaskSignals task, int signal) {
    return !SignalSet.has(task.blocked, signal)
        && !task.dying
        && (signal == Signals.SIGKILL || !task.stopped);
  }

  /**
   * Sends a fault of the task's own making, which it cannot block or ignore: where it does, the
   * default action is taken instead.
   *
   * @param deadly whether even a handler is passed over
   */
  synchronized void force(TaskSignals task, SignalInfo info, boolean deadly) {
    int signal = info.signo();
    boolean blocked = SignalSet.has(task.blocked, signal);
    if (deadly || blocked || actions.get(signal).ignores()) {
      actions.set(signal, actions.get(signal).withoutHandler());
      task.blocked &= ~SignalSet.bit(signal);
    }
    if (actions.get(signal).isDefault()) {
      unkillable = false;
    }
    send(info, task, null, false);
    recalculate(task);
  }

  /** Replaces the mask of the calling task. */
  synchronized void changeMask(TaskSignals task, long mask) {
    long added = mask & ~task.blocked;
    task.blocked = mask;
    if (tasks.size() > 1) {
      retarget(task, added);
    }
    recalculate(task);
  }

  /** Interrupts other tasks that can take pending signals which this one no longer takes. */
  private void retarget(TaskSignals from, long signals) {
    long orphaned = shared.set() & signals;
    for (TaskSignals task : tasks) {
      if (orphaned == 0) {
        return;
      }
      if (!task.equals(from) && !task.dying && (orphaned & ~task.blocked) != 0) {
        orphaned &= task.blocked;
        task.task().interrupt();
      }
    }
  }

  /** Makes the task's interrupt say whether there is something to act on. */
  void recalculate(TaskSignals task) {
    if (task.dying
        || task.stopPending
        || stop.untold()
        || ((task.pending.set() | shared.set()) & ~task.blocked) != 0) {
      task.task().interrupt();
    } else {
      task.task().clearInterrupt();
    }
  }

  /** Takes a signal among {@code wanted} that is pending for a task; null when there is none. */
  synchronized @Nullable SignalInfo take(TaskSignals task, long wanted) {
    SignalInfo info = task.pending.take(wanted);
    if (info == null) {
      info = shared.take(wanted);
    }
    recalculate(task);
    return info;
  }

  /**
   * Lets signals in that rt_sigtimedwait(2) waits for, so that they wake the task.
   *
   * @param wanted the signals, blocked or not
   */
  synchronized void beginWait(TaskSignals task, long wanted) {
    task.blockedBeforeWait = task.blocked;
    task.blocked &= ~wanted;
    recalculate(task);
  }

  /** Ends {@link #beginWait}, and takes a signal that was waited for, if there is one. */
  synchronized @Nullable SignalInfo endWait(TaskSignals task, long wanted) {
    task.blocked = task.blockedBeforeWait;
    task.blockedBeforeWait = 0;
    return take(task, wanted);
  }

  /**
   * Replaces an action (rt_sigaction(2)). What is pending and ignored from now on is thrown away.
   *
   * @return the old action
   */
  synchronized SignalAction setAction(int signal, SignalAction action) {
    SignalAction old = actions.set(signal, action);
    if (actions.ignored(signal)) {
      discardEverywhere(SignalSet.bit(signal));
    }
    return old;
  }

  /** Whether the default action of a signal spares the process. */
  boolean unkillable() {
    return unkillable;
  }

  GroupStop stop() {
    return stop;
  }

  PendingSignals shared() {
    return shared;
  }

  /** The tasks, for callers that hold the lock. */
  List<TaskSignals> guardedTasks() {
    return tasks;
  }
}
