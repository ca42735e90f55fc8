package dev.bulwark.platform.systrap;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides whether waiting for a stub begins with spinning: only while fewer contexts run
 * application code than there are processors, and less and less often while it does not pay. Owned
 * by a context's thread, but for the count that all share.
 */
final class SpinBudget {
  /** Longer than a short system call takes, shorter than two wake-ups cost. */
  private static final long NANOS = 4_000;

  /**
   * The same where the stub has to wake up first. With less, two sides that once slept would put
   * each other to sleep for ever: each would find the other's wake-up longer than its patience.
   */
  private static final long NANOS_AFTER_WAKING = 50_000;

  /** The same for the stub, in units of 1,024 cycles. */
  static final int STUB_SPIN = 10;

  private static final int FAILURES_BEFORE_PAUSE = 3;
  private static final int LONGEST_PAUSE = 256;

  private final AtomicInteger running;
  private final int processors;
  private int failures;
  private int pause;
  private int pauseLeft;

  SpinBudget(AtomicInteger running, int processors) {
    this.running = running;
    this.processors = processors;
  }

  /** Whether the Sentry shall spin for this wait. */
  boolean spinNow() {
    if (pauseLeft > 0) {
      pauseLeft--;
      return false;
    }
    return running.get() < processors;
  }

  /** How long the Sentry shall spin, in nanoseconds, after an order that found the stub asleep. */
  static long nanos(boolean stubSlept) {
    return stubSlept ? NANOS_AFTER_WAKING : NANOS;
  }

  /** How long the stub shall spin for the Sentry's next answer. */
  int stubSpin() {
    return running.get() <= processors ? STUB_SPIN : 0;
  }

  /** Takes note of what came of a spin. */
  void spun(boolean success) {
    if (success) {
      failures = 0;
      pause = 0;
    } else if (++failures >= FAILURES_BEFORE_PAUSE) {
      pause = Math.clamp(pause * 2L, 4, LONGEST_PAUSE);
      pauseLeft = pause;
    }
  }
}
