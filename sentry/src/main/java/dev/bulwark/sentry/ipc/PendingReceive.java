package dev.bulwark.sentry.ipc;

import dev.bulwark.sentry.kernel.Task;
import org.jspecify.annotations.Nullable;

/**
 * A call of msgrcv(2) that waits; the sender hands the message over. Guarded by the lock of the
 * system but for {@link #done}.
 */
final class PendingReceive {
  final Task task;
  final Selection selection;
  final long size;

  private volatile boolean done;
  private @Nullable QueuedMessage message;
  private int errno;

  PendingReceive(Task task, Selection selection, long size) {
    this.task = task;
    this.selection = selection;
    this.size = size;
  }

  /** Whether the wait is over. Any thread. */
  boolean done() {
    return done;
  }

  /** What was received, or null. */
  @Nullable QueuedMessage message() {
    return message;
  }

  /** Why nothing was. */
  int errno() {
    return errno;
  }

  void finish(QueuedMessage received) {
    message = received;
    done = true;
    task.wake();
  }

  void fail(int why) {
    errno = why;
    done = true;
    task.wake();
  }
}
