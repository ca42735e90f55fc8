package dev.bulwark.sentry;

import org.jspecify.annotations.Nullable;

/**
 * The Sentry's own log, which is its standard error: java.util.logging would read files when it
 * writes its first line, which a Sentry that is locked down cannot. Thread-safe.
 */
public final class Log {
  private Log() {}

  /** Writes a line. */
  public static void line(String what) {
    System.err.println("bulwark sentry: " + what);
  }

  /** Writes a line, and where a mistake happened. */
  public static void failure(String what, @Nullable Throwable why) {
    line(what);
    if (why != null) {
      why.printStackTrace();
    }
  }
}
