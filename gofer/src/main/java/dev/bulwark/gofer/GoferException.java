package dev.bulwark.gofer;

import dev.bulwark.linux.Errno;

/**
 * The file server refused an operation, or is dead. Instances are shared, immutable and carry no
 * stack trace, so that asking for a file that does not exist is cheap.
 */
public final class GoferException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final GoferException[] ALL = new GoferException[4096];

  static {
    for (int errno = 1; errno < ALL.length; errno++) {
      ALL[errno] = new GoferException(errno);
    }
  }

  private final int errno;

  private GoferException(int errno) {
    super(null, null, false, false);
    this.errno = errno;
  }

  /**
   * The exception for an errno.
   *
   * @param errno 1 to 4095; EIO for others
   */
  static GoferException of(int errno) {
    return errno > 0 && errno < ALL.length ? ALL[errno] : ALL[Errno.EIO];
  }

  /** Passes a host call's result on, and throws when it is an errno negated. */
  static long check(long result) throws GoferException {
    if (result < 0 && result > -ALL.length) {
      throw ALL[(int) -result];
    }
    return result;
  }

  /** The errno, 1 to 4095. EIO when the server is dead. */
  public int errno() {
    return errno;
  }

  @Override
  public String getMessage() {
    return Errno.describe(errno);
  }
}
