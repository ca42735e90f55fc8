package dev.bulwark.tests.engine;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waiting for something that can only be looked at. */
final class Poll {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Poll() {}

  /** Looks until what is seen is as wished, and gives it. */
  static <T> T until(Supplier<T> look, Predicate<T> wished) {
    return until(LIMIT, look, wished);
  }

  /** Looks until what is seen is as wished, and gives it; fails with what was seen last. */
  static <T> T until(Duration limit, Supplier<T> look, Predicate<T> wished) {
    long deadline = System.nanoTime() + limit.toNanos();
    T seen = look.get();
    while (!wished.test(seen)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not as wished after " + limit + ", but: " + last(seen));
      }
      pause();
      seen = look.get();
    }
    return seen;
  }

  /** The last of what was seen: a terminal's output can be long. */
  private static String last(Object seen) {
    String text = seen.toString();
    return text.substring(Math.max(0, text.length() - 4000));
  }

  /** Leaves the processors to those that are waited for. */
  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
