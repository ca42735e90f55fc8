package dev.bulwark.microvm.agent;

import dev.bulwark.linux.Errno;

/** An agent refused a request, or does not answer; the message is a sentence. */
public final class AgentException extends Exception {
  private static final long serialVersionUID = 1;
  private final int errno;

  /** The agent cannot be asked. */
  public AgentException(String sentence) {
    super(sentence, null, false, false);
    errno = 0;
  }

  /**
   * The guest's kernel refused.
   *
   * @param what was tried
   */
  AgentException(String what, int errno) {
    super(what + " in the guest failed: " + Errno.describe(errno), null, false, false);
    this.errno = errno;
  }

  /** The guest's error number; 0 when there is none. */
  public int errno() {
    return errno;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
