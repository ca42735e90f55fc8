package dev.bulwark.sentry.futex;

import dev.bulwark.sentry.ErrnoException;

/** Application memory in which futexes lie. Thread-safe. */
public interface FutexMemory {

  /**
   * What tells the futex at an address apart from all others.
   *
   * @param processPrivate FUTEX_PRIVATE_FLAG
   * @throws ErrnoException EFAULT when nothing is mapped there
   */
  FutexKey futexKey(long address, boolean processPrivate) throws ErrnoException;

  /**
   * The word of the futex at an address.
   *
   * @param store whether it will be written
   * @throws ErrnoException EINVAL for an address that is no multiple of 4, EFAULT
   */
  FutexWord futexWord(long address, boolean store) throws ErrnoException;
}
