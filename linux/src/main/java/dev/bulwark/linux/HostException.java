package dev.bulwark.linux;

import java.io.IOException;
import java.util.Objects;

/**
 * A system call of the host failed where that was not expected; the message says what was tried and
 * why it failed.
 */
public final class HostException extends IOException {
  private static final long serialVersionUID = 1;
  private final int errno;

  /**
   * Reports a failed call.
   *
   * @param what what was tried, and on what
   * @param errno the error, 1 to 4095
   */
  public HostException(String what, int errno) {
    super(what + ": " + Errno.describe(errno));
    this.errno = errno;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /** The error the host gave, 1 to 4095. */
  public int errno() {
    return errno;
  }
}
