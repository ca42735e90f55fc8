package dev.bulwark.sentry.kernel;

/**
 * How the parts of the kernel that make signals reach the part that delivers them. Thread-safe;
 * calls may come with locks held, so that an implementation queues and wakes and does no more.
 */
public interface SignalSink {

  /** Sends a signal that a task's own call has caused, such as SIGPIPE, to that task. */
  void send(Task task, int signal);
}
