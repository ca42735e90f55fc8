package dev.bulwark.sentry.ipc;

import dev.bulwark.sentry.kernel.Task;

/** A call of msgsnd(2) that waits for room, and tries again when it is woken. */
final class PendingSend {
  private final Task task;
  private volatile boolean woken;

  PendingSend(Task task) {
    this.task = task;
  }

  /** Whether it should try again. Any thread. */
  boolean woken() {
    return woken;
  }

  void wake() {
    woken = true;
    task.wake();
  }
}
