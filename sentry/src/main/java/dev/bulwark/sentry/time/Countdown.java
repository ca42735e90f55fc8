package dev.bulwark.sentry.time;

/**
 * A timer's setting on its clock: when it expires next, and how often afterwards. Guarded by its
 * owner.
 */
final class Countdown {
  /** When it expires next; 0 when it is not set. */
  long expiry;

  /** Between expirations; 0 for one only. */
  long interval;

  /**
   * Sets it.
   *
   * @param value nanoseconds, or 0 to clear it
   * @param absolute whether the value is a point on the clock
   */
  void set(long value, long every, boolean absolute, long now) {
    interval = every;
    if (value == 0) {
      expiry = 0;
    } else {
      expiry = absolute ? value : saturated(now, value);
    }
  }

  private static long saturated(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  boolean armed() {
    return expiry != 0;
  }

  /** How long until it expires; at least 1 ns as long as it is set (0 would say that it is not). */
  long remaining(long now) {
    return expiry == 0 ? 0 : Math.max(1, expiry - now);
  }

  /**
   * Moves an expired interval timer beyond {@code now}.
   *
   * @return how many expirations that passes
   */
  long forward(long now) {
    if (interval == 0 || expiry == 0 || expiry > now) {
      return 0;
    }
    long count = (now - expiry) / interval + 1;
    expiry = saturated(expiry, count * interval);
    return count;
  }
}
