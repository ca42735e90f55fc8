package dev.bulwark.sentry.kernel;

/** A parent that waits until its vfork(2) child executes a program or ends. Thread-safe. */
final class VforkWait {
  private final Task parent;
  private volatile boolean released;

  VforkWait(Task parent) {
    this.parent = parent;
  }

  /** The child no longer uses the parent's memory. */
  void release() {
    released = true;
    parent.wake();
  }

  /** Waits on the parent's thread; only a deadly signal ends the wait early. */
  void await() {
    parent.await(() -> released || parent.signals().dying());
  }
}
