package dev.bulwark.sentry.signal;

import dev.bulwark.sentry.kernel.WaitStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stop of a whole process: every task stops by itself, the last one makes it complete, and
 * SIGCONT undoes it. Guarded by the lock of the {@link ProcessSignals} that owns it.
 */
final class GroupStop {
  private int signal;
  private int missing;
  private boolean complete;
  private boolean stopUntold;
  private boolean continueUntold;
  private int untoldSignal;

  /** Tells all tasks to stop. */
  void begin(int stopSignal, List<TaskSignals> tasks) {
    if (!complete) {
      signal = stopSignal;
    }
    missing = 0;
    for (TaskSignals task : tasks) {
      join(task);
    }
  }

  /** A task that must take part. */
  private void join(TaskSignals task) {
    if (!task.stopped && !task.dying) {
      task.stopPending = true;
      missing++;
      task.task().interrupt();
    }
  }

  /** A task was added to the process, perhaps while it is stopping. */
  void added(TaskSignals task) {
    if (missing > 0) {
      join(task);
    }
  }

  /**
   * A task that was told to stop does so.
   *
   * @return whether the stop is complete now, which the caller tells the tree of processes
   */
  boolean stopped(TaskSignals task) {
    task.stopped = true;
    return released(task);
  }

  /** A task that was told to stop does so or ends; the result is as in {@link #stopped}. */
  boolean released(TaskSignals task) {
    if (!task.stopPending) {
      return false;
    }
    task.stopPending = false;
    missing--;
    if (missing > 0 || complete) {
      return false;
    }
    complete = true;
    stopUntold = true;
    untoldSignal = signal;
    return true;
  }

  /** SIGCONT: every task goes on, or forgets that it was told to stop. */
  void undo(List<TaskSignals> tasks) {
    if (complete) {
      continueUntold = true;
    }
    forget(tasks);
  }

  /** The process ends: nobody is told of it. */
  void cancel(List<TaskSignals> tasks) {
    stopUntold = false;
    continueUntold = false;
    forget(tasks);
  }

  private void forget(List<TaskSignals> tasks) {
    signal = 0;
    missing = 0;
    complete = false;
    for (TaskSignals task : tasks) {
      task.stopPending = false;
      task.stopTaken = false;
      if (task.stopped) {
        task.stopped = false;
        task.task().wake();
      }
    }
  }

  /** Whether the process has stopped. */
  boolean complete() {
    return complete;
  }

  /** Whether the parent has yet to hear of a change. */
  boolean untold() {
    return stopUntold || continueUntold;
  }

  /** The oldest change that the parent has yet to hear of, or null. */
  @Nullable WaitStatus takeUntold() {
    if (stopUntold) {
      stopUntold = false;
      return new WaitStatus.Stopped(untoldSignal);
    }
    if (continueUntold) {
      continueUntold = false;
      return new WaitStatus.Continued();
    }
    return null;
  }
}
