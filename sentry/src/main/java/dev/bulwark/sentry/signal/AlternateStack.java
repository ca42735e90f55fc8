package dev.bulwark.sentry.signal;

/**
 * The stack that a task sets aside for handlers (sigaltstack(2)). Immutable.
 *
 * @param base lowest address
 * @param size bytes; 0 when there is none
 * @param flags as the application gave them; only {@link #AUTODISARM} means something here
 */
public record AlternateStack(long base, long size, int flags) {
  /** {@code SS_ONSTACK}: the task runs on it. */
  public static final int ONSTACK = 1;

  /** {@code SS_DISABLE}: there is none. */
  public static final int DISABLE = 2;

  /** {@code SS_AUTODISARM}: given up while a handler runs on it. */
  public static final int AUTODISARM = 1 << 31;

  /** The least size that Linux accepts on x86-64 (MINSIGSTKSZ). */
  public static final long MINIMUM = 2048;

  /** No alternate stack. */
  public static final AlternateStack NONE = new AlternateStack(0, 0, DISABLE);

  /** Whether a stack pointer lies in it. */
  boolean holds(long sp) {
    return Long.compareUnsigned(sp, base) > 0 && Long.compareUnsigned(sp - base, size) <= 0;
  }

  /** Whether a task with that stack pointer is using it, so that it must not be changed. */
  boolean inUse(long sp) {
    return (flags & AUTODISARM) == 0 && holds(sp);
  }

  /** What a handler may do with it now: 0, {@link #ONSTACK} or {@link #DISABLE}. */
  int state(long sp) {
    if (size == 0) {
      return DISABLE;
    }
    return inUse(sp) ? ONSTACK : 0;
  }

  /** The flags that sigaltstack(2) and a signal frame report. */
  int reportedFlags(long sp) {
    return state(sp) | (flags & AUTODISARM);
  }
}
