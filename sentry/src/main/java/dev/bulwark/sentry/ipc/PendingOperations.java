package dev.bulwark.sentry.ipc;

import dev.bulwark.sentry.kernel.Task;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of semop(2) that waits. Whoever changes a semaphore carries it out, so that the order in
 * which calls came decides. Guarded by the lock of the system but for {@link #done}.
 */
final class PendingOperations {
  final Task task;
  final List<SemOperation> operations;

  /** The operation that could not be carried out. */
  @Nullable SemOperation blocking;

  private volatile boolean done;
  private int result;

  PendingOperations(Task task, List<SemOperation> operations) {
    this.task = task;
    this.operations = operations;
  }

  /** Whether somebody has carried it out or ended it. Any thread. */
  boolean done() {
    return done;
  }

  /** 0, or an errno negated. */
  int result() {
    return result;
  }

  /** Ends the wait. */
  void finish(int outcome) {
    result = outcome;
    done = true;
    task.wake();
  }
}
