package dev.bulwark.platform.systrap;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides whether waiting for a stub begins with spinning: only while fewer contexts run
 * application code than there are processors, while the application makes its calls soon one after
 * another, and less and less often while it does not pay. Owned by a context's thread, but for the
 * count that all share.
 */
final class SpinBudget {
  /**
   * As long as sleeping can cost, which is two wake-ups: then spinning in vain at most doubles what
   * a wait costs. With less, two sides that once slept would put each other to sleep for ever: each
   * would find the other's wake-up longer than its patience.
   */
  static final long NANOS = 50_000;

  /** The same for the stub, in units of 1,024 time-stamp cycles. */
  static final int STUB_SPIN = 128;

  private static final int LONG_RUNS_BEFORE_SLEEP = 3;
  private static final int FAILURES_BEFORE_PAUSE = 3;
  private static final int SHORTEST_PAUSE = 4;
  private static final int LONGEST_PAUSE = 256;

  private final AtomicInteger running;
  private final int processors;
  private int longRuns;

  /** Failures on end while small; then how many waits to sleep through after another failure. */
  private int pause;

  private int pauseLeft;

  SpinBudget(AtomicInteger running, int processors) {
    this.running = running;
    this.processors = processors;
  }

  /** Whether the Sentry shall spin for the next event of an application that it lets go on. */
  boolean spinNow() {
    return longRuns < LONG_RUNS_BEFORE_SLEEP && spinForStub();
  }

  /** Whether the Sentry shall spin until the stub has carried out an order. */
  boolean spinForStub() {
    if (pauseLeft > 0) {
      pauseLeft--;
      return false;
    }
    return running.get() < processors;
  }

  /** How long the stub shall spin for the Sentry's next answer. */
  int stubSpin() {
    return running.get() + 1 < processors ? STUB_SPIN : 0;
  }

  /** Takes note of what came of a spin. */
  void spun(boolean success) {
    if (success) {
      pause /= 2;
      return;
    }
    pause = pause < SHORTEST_PAUSE ? pause + 1 : Math.min(2 * pause, LONGEST_PAUSE);
    if (pause > FAILURES_BEFORE_PAUSE) {
      pauseLeft = pause;
    }
  }

  /**
   * Takes note of how long an application ran before its event: by the stub's own clock, because
   * the Sentry cannot tell it from the time that it took to wake up. The application can forge it,
   * and pays with its own time.
   *
   * @param units of 1,024 time-stamp cycles
   * @param failed whether spinning for the event was in vain
   */
  void ran(int units, boolean failed) {
    if (units < STUB_SPIN) {
      longRuns = 0;
      if (failed) {
        spun(false); // the stub had no processor to run on
      }
    } else if (longRuns < LONG_RUNS_BEFORE_SLEEP) {
      longRuns++;
    }
  }
}
