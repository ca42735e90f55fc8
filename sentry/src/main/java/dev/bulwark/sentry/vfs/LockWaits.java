package dev.bulwark.sentry.vfs;

import java.util.HashMap;
import java.util.Map;

/**
 * Which owner of POSIX locks waits for which, in one sandbox: to refuse a wait that would never end
 * (EDEADLK). Thread-safe.
 */
public final class LockWaits {
  private final Map<Object, Object> waits = new HashMap<>();

  /** Nobody waits. */
  public LockWaits() {}

  /**
   * Notes that an owner is going to wait for another.
   *
   * @return false when the other waits for the first already, directly or through others
   */
  public synchronized boolean begin(Object waiter, Object holder) {
    Object at = holder;
    for (int steps = 0; at != null && steps <= waits.size(); steps++) {
      if (at.equals(waiter)) {
        return false;
      }
      at = waits.get(at);
    }
    waits.put(waiter, holder);
    return true;
  }

  /** Notes that an owner does not wait any more. */
  public synchronized void end(Object waiter) {
    waits.remove(waiter);
  }

  /** How many owners wait. */
  public synchronized int waiting() {
    return waits.size();
  }
}
