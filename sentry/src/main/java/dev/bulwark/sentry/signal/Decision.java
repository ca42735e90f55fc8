package dev.bulwark.sentry.signal;

import dev.bulwark.sentry.kernel.WaitStatus;

/** What a task does before it goes back to the application. */
public sealed interface Decision {
  /** Nothing stands in the way. */
  Decision GO_ON = new GoOn();

  /** The task alone ends. */
  Decision LEAVE = new Leave();

  /** The application goes on. */
  record GoOn() implements Decision {}

  /** A handler is to be called first. {@link Delivery#deliver} does so by itself. */
  record Run(SignalInfo info, SignalAction action) implements Decision {}

  /**
   * The whole process ends, because of a signal or because another task called exit_group(2).
   *
   * @param status how; there are no core dumps, so none is reported
   */
  record End(WaitStatus status) implements Decision {}

  /** The task alone ends, without an exit status, because another one executes a program. */
  record Leave() implements Decision {}
}
