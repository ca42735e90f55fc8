package dev.bulwark.sentry.syscall;

/** How much of a system call the Sentry implements. */
public enum Support {
  /** Everything that the manual page describes. */
  FULL("full"),
  /**
   * Works for what programs commonly ask; the row's note says what is refused, and with which
   * errno.
   */
  PARTIAL("partial"),
  /** Answers ENOSYS, as an older kernel would. */
  UNIMPLEMENTED("not implemented");

  private final String words;

  Support(String words) {
    this.words = words;
  }

  /** How the documentation puts it. */
  public String words() {
    return words;
  }
}
