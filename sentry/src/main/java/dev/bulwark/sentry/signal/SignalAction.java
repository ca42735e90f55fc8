package dev.bulwark.sentry.signal;

/**
 * What a process does about a signal ({@code struct sigaction} of the kernel). Immutable.
 *
 * @param handler address of the handler, {@link #SIG_DFL} or {@link #SIG_IGN}
 * @param flags {@code SA_} flags
 * @param restorer address the handler returns to; meant only with {@link #SA_RESTORER}
 * @param mask signals blocked while the handler runs
 */
public record SignalAction(long handler, long flags, long restorer, long mask) {
  /** The handler that stands for the default action. */
  public static final long SIG_DFL = 0;

  /** The handler that stands for ignoring. */
  public static final long SIG_IGN = 1;

  /** With SIGCHLD: no signal for children that stop or go on. */
  public static final long SA_NOCLDSTOP = 1;

  /** With SIGCHLD: children leave no zombies. */
  public static final long SA_NOCLDWAIT = 2;

  /** The handler takes three arguments; Linux passes them always. */
  public static final long SA_SIGINFO = 4;

  /** The restorer is meant; x86-64 demands it. */
  public static final long SA_RESTORER = 0x04000000;

  /** The handler runs on the alternate stack. */
  public static final long SA_ONSTACK = 0x08000000;

  /** Calls that the handler interrupts are restarted. */
  public static final long SA_RESTART = 0x10000000;

  /** The signal is not blocked while its handler runs. */
  public static final long SA_NODEFER = 0x40000000;

  /** The action goes back to the default when the handler is called. */
  public static final long SA_RESETHAND = 0x80000000L;

  /** Tag bits of a fault's address are to be shown; there are none here. */
  public static final long SA_EXPOSE_TAGBITS = 0x800;

  /** The flags that this kernel knows; others are cleared, so that programs can probe for them. */
  public static final long KNOWN_FLAGS =
      SA_NOCLDSTOP
          | SA_NOCLDWAIT
          | SA_SIGINFO
          | SA_EXPOSE_TAGBITS
          | SA_RESTORER
          | SA_ONSTACK
          | SA_RESTART
          | SA_NODEFER
          | SA_RESETHAND;

  /** The default action. */
  public static final SignalAction DEFAULT = new SignalAction(SIG_DFL, 0, 0, 0);

  /** Ignoring, with nothing else set. */
  static final SignalAction IGNORE = new SignalAction(SIG_IGN, 0, 0, 0);

  /** The same without the handler; flags and mask stay, as in Linux. */
  SignalAction withoutHandler() {
    return new SignalAction(SIG_DFL, flags, restorer, mask);
  }

  /** Whether it is the default. */
  public boolean isDefault() {
    return handler == SIG_DFL;
  }

  /** Whether the signal is ignored explicitly. */
  public boolean ignores() {
    return handler == SIG_IGN;
  }

  /** Whether a flag is set. */
  public boolean has(long flag) {
    return (flags & flag) != 0;
  }
}
