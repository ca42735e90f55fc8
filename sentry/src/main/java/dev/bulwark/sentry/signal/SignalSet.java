package dev.bulwark.sentry.signal;

/**
 * Sets of signals as Linux keeps them in a {@code sigset_t}: signal n is bit n - 1 of a {@code
 * long}.
 */
public final class SignalSet {
  /** No signal. */
  public static final long EMPTY = 0;

  /** The signals that nobody can block, catch or ignore. */
  public static final long UNBLOCKABLE = of(Signals.SIGKILL, Signals.SIGSTOP);

  /** The signals whose default is to stop. */
  public static final long STOPS =
      of(Signals.SIGSTOP, Signals.SIGTSTP, Signals.SIGTTIN, Signals.SIGTTOU);

  /** SIGCONT alone. */
  public static final long CONTINUE = of(Signals.SIGCONT);

  /** The signals of faults, which are taken before others. */
  public static final long SYNCHRONOUS =
      of(
          Signals.SIGSEGV,
          Signals.SIGBUS,
          Signals.SIGILL,
          Signals.SIGTRAP,
          Signals.SIGFPE,
          Signals.SIGSYS);

  private SignalSet() {}

  /** A set of the given signals. */
  public static long of(int... signals) {
    long set = 0;
    for (int signal : signals) {
      set |= bit(signal);
    }
    return set;
  }

  /** A set of one signal. */
  public static long bit(int signal) {
    return 1L << (signal - 1);
  }

  /** Whether a set has a signal. */
  public static boolean has(long set, int signal) {
    return (set >>> (signal - 1) & 1) != 0;
  }

  /** The signal of a set to be taken first: those of faults, then the lowest; 0 when empty. */
  public static int first(long set) {
    if (set == 0) {
      return 0;
    }
    long faults = set & SYNCHRONOUS;
    return Long.numberOfTrailingZeros(faults != 0 ? faults : set) + 1;
  }
}
