package dev.bulwark.sentry.signal;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts queued signals for each user, so that RLIMIT_SIGPENDING bounds them (setrlimit(2)). POSIX
 * timers, which own a queue entry each, count too. Thread-safe.
 */
public final class SignalBudget {
  /**
   * The most entries of all users together, whatever limits they give themselves: the memory is the
   * Sentry's.
   */
  public static final int MAXIMUM = 1 << 17;

  private final ConcurrentHashMap<Integer, Long> used = new ConcurrentHashMap<>();
  private final AtomicInteger total = new AtomicInteger();

  /** Nothing is queued. */
  public SignalBudget() {}

  /**
   * Takes room for one entry.
   *
   * @param uid the real user of the receiver
   * @param limit RLIMIT_SIGPENDING; compared unsigned
   * @return false when the user has no room
   */
  public boolean take(int uid, long limit) {
    boolean[] taken = new boolean[1];
    used.compute(
        uid,
        (_, count) -> {
          long now = count == null ? 0 : count;
          taken[0] = Long.compareUnsigned(now, limit) < 0 && total.get() < MAXIMUM;
          long next = taken[0] ? now + 1 : now;
          return next == 0 ? null : next;
        });
    if (taken[0]) {
      total.incrementAndGet();
    }
    return taken[0];
  }

  /** Takes room whatever the limit says, for what must not be lost. */
  public void force(int uid) {
    used.merge(uid, 1L, Long::sum);
    total.incrementAndGet();
  }

  /** Gives the room of one entry back. */
  public void give(int uid) {
    used.compute(uid, (_, count) -> count == null || count <= 1 ? null : count - 1);
    total.decrementAndGet();
  }

  /** How many entries a user has. */
  public long used(int uid) {
    return used.getOrDefault(uid, 0L);
  }
}
