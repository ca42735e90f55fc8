package dev.bulwark.sentry.ipc;

/**
 * Which messages msgrcv(2) wants.
 *
 * @param type its argument
 * @param flags its flags
 */
record Selection(long type, int flags) {
  /** MSG_NOERROR. */
  static final int NO_ERROR = 010000;

  /** MSG_EXCEPT. */
  static final int EXCEPT = 020000;

  /** MSG_COPY. */
  static final int COPY = 040000;

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /**
   * The highest type that is wanted when the lowest comes first; Long.MIN_VALUE has no opposite.
   */
  long bound() {
    return type == Long.MIN_VALUE ? Long.MAX_VALUE : -type;
  }

  boolean admits(QueuedMessage message) {
    if (type == 0) {
      return true;
    }
    if (type < 0) {
      return message.type() <= bound();
    }
    return (message.type() == type) != has(EXCEPT);
  }
}
