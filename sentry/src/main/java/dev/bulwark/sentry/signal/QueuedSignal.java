package dev.bulwark.sentry.signal;

/**
 * The owner of a queue entry that exists once: a POSIX timer, whose signal is pending at most once
 * and which counts the expirations meanwhile. Called with the signal lock of the receiver held:
 * must neither block nor send.
 */
public interface QueuedSignal {

  /**
   * The entry leaves the queue for the application: what it shall see, such as an overrun count.
   */
  SignalInfo collect(SignalInfo queued);

  /** The entry was thrown away unseen. */
  void discarded();
}
