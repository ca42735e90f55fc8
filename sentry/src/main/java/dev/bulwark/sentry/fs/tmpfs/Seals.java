package dev.bulwark.sentry.fs.tmpfs;

/** The {@code F_SEAL_} bits of fcntl(2). */
final class Seals {
  /** No more seals can be added. */
  static final int SEAL = 1;

  /** The file cannot become shorter. */
  static final int SHRINK = 2;

  /** The file cannot become longer. */
  static final int GROW = 4;

  /** The file cannot be written. */
  static final int WRITE = 8;

  /** The file cannot be written but through mappings that exist. */
  static final int FUTURE_WRITE = 16;

  /** The execute bits cannot change. */
  static final int EXEC = 32;

  /** All of them. */
  static final int ALL = 63;

  private Seals() {}
}
