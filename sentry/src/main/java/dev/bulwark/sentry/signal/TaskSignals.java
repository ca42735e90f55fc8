package dev.bulwark.sentry.signal;

import dev.bulwark.platform.Fault;
import dev.bulwark.sentry.kernel.Task;
import org.jspecify.annotations.Nullable;

/**
 * What a task alone has of signals: its mask, what was sent to it in person, its alternate stack.
 * The task's own thread calls every method unless it says otherwise.
 */
public final class TaskSignals {
  private final Task task;
  private final ProcessSignals process;

  // Guarded by the monitor of process.
  final PendingSignals pending;
  long blocked;

  /** The mask in force apart from what rt_sigtimedwait(2) waits for; 0 outside of that call. */
  long blockedBeforeWait;

  boolean stopPending;

  /** The task has taken a stop signal and no SIGCONT came since. */
  boolean stopTaken;

  // Written under the monitor of process, read without it.
  volatile boolean stopped;
  volatile boolean dying;

  // Of the task's own thread.
  private AlternateStack stack = AlternateStack.NONE;
  private @Nullable RestartBlock restart;
  private long savedMask;
  private boolean maskSaved;
  private long faultError;
  private long faultTrap;
  private long faultAddress;

  /** The state of a task with nothing blocked and nothing pending. */
  public TaskSignals(Task task, ProcessSignals process) {
    this.task = task;
    this.process = process;
    this.pending = new PendingSignals(process.budget());
  }

  /** The task. Any thread. */
  public Task task() {
    return task;
  }

  /** What it shares with the other tasks of its process. Any thread. */
  public ProcessSignals process() {
    return process;
  }

  /**
   * Takes over what clone(2) hands down: the mask, and the alternate stack unless the memory is
   * shared without vfork(2)'s waiting.
   */
  public void inherit(TaskSignals parent, boolean keepStack) {
    blocked = parent.mask();
    stack = keepStack ? parent.stack : AlternateStack.TAKEN;
  }

  /** What execve(2) takes away: the alternate stack and a call to be restarted. */
  public void executed() {
    stack = AlternateStack.NONE;
    restart = null;
  }

  /** The blocked signals. Any thread. */
  public long mask() {
    synchronized (process) {
      return blocked;
    }
  }

  /** Replaces the blocked signals; SIGKILL and SIGSTOP stay out of them. */
  public void setMask(long mask) {
    process.changeMask(this, mask & ~SignalSet.UNBLOCKABLE);
  }

  /**
   * Blocks other signals for the length of a call such as ppoll(2). The old mask comes back with
   * {@link #restoreMask}, or after the handler of the signal that ended the call.
   */
  public void suspendMask(long mask) {
    savedMask = mask();
    maskSaved = true;
    setMask(mask);
  }

  /**
   * Ends {@link #suspendMask}.
   *
   * @param interrupted whether a signal ends the call; the mask then stays until its handler is
   *     called, and is restored on the way back to the application
   */
  public void restoreMask(boolean interrupted) {
    if (maskSaved && !interrupted) {
      maskSaved = false;
      setMask(savedMask);
    }
  }

  /** Whether {@link #suspendMask} has not been ended. */
  boolean maskSaved() {
    return maskSaved;
  }

  /**
   * The mask for a signal frame: the one that {@link #suspendMask} replaced, or the current one.
   */
  long maskForFrame() {
    return maskSaved ? savedMask : mask();
  }

  /** The frame was stored: the return from the handler restores the mask. */
  void frameHoldsMask() {
    maskSaved = false;
  }

  /** The signals that are pending for the task and not blocked, or blocked as {@code wanted}. */
  public long pendingAmong(long wanted) {
    synchronized (process) {
      return (pending.set() | process.sharedSet()) & wanted;
    }
  }

  /** Signals sent to the task in person, as /proc/PID/status shows them (SigPnd). Any thread. */
  public long ownPending() {
    synchronized (process) {
      return pending.set();
    }
  }

  /**
   * Takes a pending signal among {@code wanted}, for rt_sigtimedwait(2) and signalfd(2); null when
   * there is none.
   */
  public @Nullable SignalInfo take(long wanted) {
    return process.take(this, wanted);
  }

  /**
   * Whether the task shall end soon because its process does or another of its tasks executes a
   * program; sleeps that no other signal interrupts end then. Any thread.
   */
  public boolean dying() {
    return dying;
  }

  /** Whether the task is stopped by job control. Any thread. */
  public boolean stopped() {
    return stopped;
  }

  /** The alternate stack. */
  public AlternateStack stack() {
    return stack;
  }

  void setStack(AlternateStack next) {
    stack = next;
  }

  /** Sets how restart_syscall(2) goes on with the call that returns ERESTART_RESTARTBLOCK. */
  public void setRestart(RestartBlock block) {
    restart = block;
  }

  /** Takes the way to go on with a call, or null when there is none (any more). */
  @Nullable RestartBlock takeRestart() {
    RestartBlock block = restart;
    restart = null;
    return block;
  }

  /** rt_sigreturn(2): what was interrupted before is over. */
  void forgetRestart() {
    restart = null;
  }

  /** Remembers what a signal frame tells of the last fault. */
  public void noteFault(Fault fault) {
    faultError = fault.errorCode;
    faultTrap = fault.trapNumber;
    if (fault.trapNumber == 14) {
      faultAddress = fault.address;
    }
  }

  /** The hardware error code of the last fault. */
  long faultError() {
    return faultError;
  }

  /** The vector of the last fault. */
  long faultTrap() {
    return faultTrap;
  }

  /** The address of the last page fault. */
  long faultAddress() {
    return faultAddress;
  }
}
