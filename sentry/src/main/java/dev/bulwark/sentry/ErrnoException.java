package dev.bulwark.sentry;

import dev.bulwark.linux.Errno;

/**
 * A failed operation and its errno. Instances are shared, immutable and carry no stack trace, so
 * that throwing one costs no more than a return; the system-call table turns it into the call's
 * result.
 */
public final class ErrnoException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final ErrnoException[] ALL = new ErrnoException[4096];

  static {
    for (int errno = 1; errno < ALL.length; errno++) {
      ALL[errno] = new ErrnoException(errno);
    }
  }

  private final int errno;

  private ErrnoException(int errno) {
    super(null, null, false, false);
    this.errno = errno;
  }

  /**
   * The exception for an errno.
   *
   * @param errno 1 to 4095, not negated
   */
  public static ErrnoException of(int errno) {
    return ALL[errno];
  }

  /**
   * Passes a result on, and throws when it is an errno negated.
   *
   * @param result what a host call or a data path returned
   */
  public static long check(long result) throws ErrnoException {
    if (result < 0 && result > -ALL.length) {
      throw ALL[(int) -result];
    }
    return result;
  }

  /** The errno, 1 to 4095. */
  public int errno() {
    return errno;
  }

  @Override
  public String getMessage() {
    return Errno.describe(errno);
  }
}
