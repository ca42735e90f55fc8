package dev.bulwark.sentry.vfs;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who may write to a file and who executes it: the two exclude each other (ETXTBSY). Every success
 * of a {@code try} method is given back once by its {@code end} method. Thread-safe.
 */
public final class WriteAccess {
  /** Writers when positive, programs that run when negative. */
  private final AtomicInteger users = new AtomicInteger();

  WriteAccess() {}

  private boolean enter(int step) {
    int now;
    do {
      now = users.get();
      if (now != 0 && (now > 0) != (step > 0)) {
        return false;
      }
    } while (!users.compareAndSet(now, now + step));
    return true;
  }

  /** Notes a writer; false when the file is being executed. */
  public boolean tryWrite() {
    return enter(1);
  }

  /** A writer is gone. */
  public void endWrite() {
    users.decrementAndGet();
  }

  /** Notes an execution; false when somebody may write to the file. */
  public boolean tryExecute() {
    return enter(-1);
  }

  /** An execution has ended. */
  public void endExecute() {
    users.incrementAndGet();
  }
}
