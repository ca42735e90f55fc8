package dev.bulwark.sentry.time;

/**
 * A clock that timers can run on. Thread-safe.
 *
 * @see Clocks
 */
public interface Clock {
  /** What it shows, in nanoseconds. */
  long nanos();

  /**
   * When on the clock of {@link System#nanoTime} it will show a value, at the earliest. Whoever
   * waits so long looks again then.
   */
  long whenShows(long value);

  /** Whether it runs all the time, and takes no lock to tell. */
  default boolean steady() {
    return true;
  }
}
