package dev.bulwark.sentry.vfs;

import java.time.Instant;

/** The clock of file timestamps. */
public final class FileClock {
  /** Nanoseconds in a second. */
  public static final long SECOND = 1_000_000_000L;

  private FileClock() {}

  /** Now, in nanoseconds since the epoch. */
  public static long now() {
    Instant now = Instant.now();
    return now.getEpochSecond() * SECOND + now.getNano();
  }
}
