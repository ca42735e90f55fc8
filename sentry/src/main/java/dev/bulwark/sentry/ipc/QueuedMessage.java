package dev.bulwark.sentry.ipc;

/**
 * A message of a queue.
 *
 * @param type at least 1
 * @param text not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record QueuedMessage(long type, byte[] text) {
  /** What it takes of the Sentry's heap besides its text. */
  static final int OVERHEAD = 64;

  int weight() {
    return text.length + OVERHEAD;
  }
}
