package dev.bulwark.sentry.signal;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The actions of all signals, shared by the tasks of a process and by processes made with
 * CLONE_SIGHAND. Thread-safe.
 */
public final class SignalActions {
  private final AtomicReferenceArray<SignalAction> actions =
      new AtomicReferenceArray<>(Signals.MAX + 1);

  /** All signals do what they do by default. */
  public SignalActions() {
    for (int signal = 0; signal <= Signals.MAX; signal++) {
      actions.set(signal, SignalAction.DEFAULT);
    }
  }

  /** The action of a signal, 1 to 64. */
  public SignalAction get(int signal) {
    return actions.get(signal);
  }

  /** Replaces the action of a signal, and gives the old one. */
  SignalAction set(int signal, SignalAction action) {
    return actions.getAndSet(signal, action);
  }

  /** The same actions again, as fork(2) copies them. */
  SignalActions copy() {
    SignalActions copy = new SignalActions();
    for (int signal = 1; signal <= Signals.MAX; signal++) {
      copy.actions.set(signal, actions.get(signal));
    }
    return copy;
  }

  /**
   * What execve(2) leaves, and CLONE_CLEAR_SIGHAND: ignored signals stay so, all else is default.
   */
  SignalActions cleared() {
    SignalActions cleared = new SignalActions();
    for (int signal = 1; signal <= Signals.MAX; signal++) {
      if (actions.get(signal).ignores()) {
        cleared.actions.set(signal, SignalAction.IGNORE);
      }
    }
    return cleared;
  }

  /** Whether a signal does nothing: ignored explicitly, or by default. */
  boolean ignored(int signal) {
    SignalAction action = actions.get(signal);
    if (!action.isDefault()) {
      return action.ignores();
    }
    return switch (Signals.defaultAction(signal)) {
      case IGNORE, CONTINUE -> true;
      case TERMINATE, CORE, STOP -> false;
    };
  }

  /** Whether a signal would end the process. */
  boolean fatal(int signal) {
    if (!actions.get(signal).isDefault()) {
      return false;
    }
    return switch (Signals.defaultAction(signal)) {
      case TERMINATE, CORE -> true;
      case IGNORE, CONTINUE, STOP -> false;
    };
  }

  /** The signals ignored explicitly, as /proc/PID/status shows them (SigIgn). */
  public long ignoredSet() {
    long set = 0;
    for (int signal = 1; signal <= Signals.MAX; signal++) {
      if (actions.get(signal).ignores()) {
        set |= SignalSet.bit(signal);
      }
    }
    return set;
  }

  /** The signals that have a handler, as /proc/PID/status shows them (SigCgt). */
  public long caughtSet() {
    long set = 0;
    for (int signal = 1; signal <= Signals.MAX; signal++) {
      SignalAction action = actions.get(signal);
      if (!action.isDefault() && !action.ignores()) {
        set |= SignalSet.bit(signal);
      }
    }
    return set;
  }
}
