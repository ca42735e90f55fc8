package dev.bulwark.sentry.signal;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;

/**
 * The stack that a task sets aside for handlers (sigaltstack(2)). Immutable.
 *
 * @param base lowest address
 * @param size bytes; 0 when there is none
 * @param flags as the application gave them, which is how a signal frame shows them
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

  /** None, as after execve(2). */
  public static final AlternateStack NONE = new AlternateStack(0, 0, 0);

  /** None, as after clone(2) into shared memory and after a handler took an automatic one. */
  static final AlternateStack TAKEN = new AlternateStack(0, 0, DISABLE);

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

  /** The flags that sigaltstack(2) reports. */
  int reportedFlags(long sp) {
    return state(sp) | (flags & AUTODISARM);
  }

  /**
   * What sigaltstack(2) would set, in Linux's order of checks.
   *
   * @param wanted what the application passed
   * @param sp its stack pointer
   * @throws ErrnoException EPERM while the present one is in use, EINVAL for unknown flags, ENOMEM
   *     for one that is too small
   */
  AlternateStack changedTo(AlternateStack wanted, long sp) throws ErrnoException {
    if (inUse(sp)) {
      throw ErrnoException.of(Errno.EPERM);
    }
    int mode = wanted.flags & ~AUTODISARM;
    if (mode != 0 && mode != ONSTACK && mode != DISABLE) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (wanted.equals(this)) {
      return this;
    }
    if (mode == DISABLE) {
      return new AlternateStack(0, 0, wanted.flags);
    }
    if (Long.compareUnsigned(wanted.size, MINIMUM) < 0) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    return wanted;
  }
}
