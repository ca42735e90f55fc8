package dev.bulwark.sentry.trace;

import dev.bulwark.sentry.ErrnoException;

/** How one argument is written. */
interface Argument {

  /**
   * Writes it.
   *
   * @param index which argument it is
   * @throws ErrnoException EFAULT when memory cannot be read; the address is written instead
   */
  void print(Line out, CallView call, int index) throws ErrnoException;

  /** Whether it is known only when the call has returned. */
  default boolean late(CallView call) {
    return false;
  }

  /** Whether the call has this argument at all, given those before. */
  default boolean present(CallView call) {
    return true;
  }
}
