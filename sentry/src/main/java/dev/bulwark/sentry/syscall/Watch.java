package dev.bulwark.sentry.syscall;

import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.wait.WaitQueue;
import dev.bulwark.sentry.wait.Waiter;
import java.util.ArrayList;
import java.util.List;

/**
 * A task that waits in any number of places at once. Belongs to the task's thread; only {@link
 * #wake} comes from others. The pattern: {@link #hang} everywhere, then in a loop {@link #rearm},
 * look at the objects, {@link #sleep}.
 */
final class Watch implements Waiter, AutoCloseable {
  private final Task task;
  private final List<WaitQueue> queues = new ArrayList<>(2);
  private volatile boolean raised;

  Watch(Task task) {
    this.task = task;
  }

  /** Waits there too, for these events, errors and hang-ups. */
  void hang(WaitQueue queue, int events) {
    queues.add(queue);
    queue.add(this, events);
  }

  /** Forgets former notices. */
  void rearm() {
    raised = false;
  }

  /** Sleeps until a notice comes; the result is that of {@link Task#sleep}. */
  long sleep(long deadline) {
    return task.sleep(() -> raised, deadline);
  }

  @Override
  public void wake(int events) {
    raised = true;
    task.wake();
  }

  @Override
  public void close() {
    for (WaitQueue queue : queues) {
      queue.remove(this);
    }
  }
}
