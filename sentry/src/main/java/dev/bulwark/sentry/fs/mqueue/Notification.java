package dev.bulwark.sentry.fs.mqueue;

import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.signal.SignalSender;

/**
 * Who is told once that a message came to an empty queue (mq_notify(3)).
 *
 * @param owner who is told
 * @param method {@link #SIGNAL} or {@link #NONE}
 * @param signal the signal; 0 sends none
 * @param value comes with it
 */
record Notification(ThreadGroup owner, int method, int signal, long value) {
  /** SIGEV_SIGNAL. */
  static final int SIGNAL = 0;

  /** SIGEV_NONE: registers, and tells nothing. */
  static final int NONE = 1;

  /** Tells. */
  void send(Task sender) {
    if (method == SIGNAL && signal != 0) {
      SignalSender.sendToProcess(
          owner,
          SignalInfo.queued(
              signal,
              SignalInfo.SI_MESGQ,
              sender.process().pid(),
              sender.credentials().uid(),
              value));
    }
  }
}
