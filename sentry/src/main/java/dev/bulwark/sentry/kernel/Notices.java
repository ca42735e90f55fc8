package dev.bulwark.sentry.kernel;

import java.util.ArrayDeque;
import java.util.List;

/**
 * What a person should know about this sandbox when it has ended badly: mistakes of the Sentry,
 * programs killed for want of memory. The newest few are kept. Thread-safe.
 */
public final class Notices {
  private static final int KEPT = 16;

  private final ArrayDeque<String> newest = new ArrayDeque<>();

  Notices() {}

  /** Adds a sentence without its full stop. */
  public synchronized void add(String sentence) {
    if (newest.size() == KEPT) {
      newest.removeFirst();
    }
    newest.add(sentence);
  }

  /** The sentences, oldest first. */
  public synchronized List<String> all() {
    return List.copyOf(newest);
  }
}
