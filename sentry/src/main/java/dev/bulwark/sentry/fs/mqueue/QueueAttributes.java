package dev.bulwark.sentry.fs.mqueue;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;

/**
 * How large a queue can become.
 *
 * @param messages the most it holds
 * @param size the most bytes of one
 */
record QueueAttributes(long messages, long size) {
  /** What a queue has unless it is asked for more (/proc/sys/fs/mqueue). */
  static final QueueAttributes USUAL = new QueueAttributes(10, 8192);

  /** What no privilege exceeds (HARD_MSGMAX, HARD_MSGSIZEMAX). */
  private static final long MOST_MESSAGES = 65536;

  private static final long LARGEST = 16 << 20;

  /** What Linux counts for a message, and for a priority, besides the text. */
  private static final int MESSAGE_OVERHEAD = 48;

  private static final int PRIORITY_OVERHEAD = 48;
  private static final int PRIORITIES = 32768;

  /**
   * Checks them.
   *
   * @throws ErrnoException EINVAL
   */
  void check(Credentials who) throws ErrnoException {
    boolean privileged = who.has(Capability.SYS_RESOURCE);
    if (messages <= 0
        || size <= 0
        || messages > (privileged ? MOST_MESSAGES : USUAL.messages)
        || size > (privileged ? LARGEST : USUAL.size)) {
      throw ErrnoException.of(Errno.EINVAL);
    }
  }

  /** How many bytes count against RLIMIT_MSGQUEUE. */
  long bytes() {
    return messages * (size + MESSAGE_OVERHEAD)
        + Math.min(messages, PRIORITIES) * PRIORITY_OVERHEAD;
  }
}
