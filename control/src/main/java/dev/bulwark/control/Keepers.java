package dev.bulwark.control;

/**
 * The keepers of the processes that runtime commands start in a sandbox, as seen by whoever runs
 * the sandbox: its end waits for theirs. Thread-safe.
 */
public final class Keepers {
  private static final int END_MILLISECONDS = 2000;

  private final KeeperLink first;

  /** How many there are still. The monitor guards it. */
  private int count;

  /** Whether the sandbox has ended, so that nothing new may begin. The monitor guards it. */
  private boolean closed;

  /**
   * None yet.
   *
   * @param first the keeper of the sandbox
   */
  public Keepers(KeeperLink first) {
    this.first = first;
  }

  /** Lets no process begin any more: the sandbox has ended. */
  public synchronized void close() {
    closed = true;
  }

  /**
   * Has the sandbox's keeper outlive a process, of which it hears before it hears of the sandbox's
   * end.
   *
   * @return whether the sandbox has not ended yet
   */
  public synchronized boolean outlive(int pid) {
    if (!closed) {
      first.send(new Message.Outlive(pid));
    }
    return !closed;
  }

  /** There is one more. */
  public synchronized void begun() {
    count++;
  }

  /** One has heard how its process ended. */
  public synchronized void ended() {
    count--;
    notifyAll();
  }

  /** Waits until all have heard how their processes ended, for a while. */
  public synchronized void awaitEnd() {
    if (count == 0) {
      return;
    }
    long deadline = System.nanoTime() + END_MILLISECONDS * 1_000_000L;
    try {
      for (long left = END_MILLISECONDS; count > 0 && left > 0; ) {
        wait(left);
        left = (deadline - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
