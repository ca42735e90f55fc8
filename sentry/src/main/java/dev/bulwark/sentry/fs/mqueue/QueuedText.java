package dev.bulwark.sentry.fs.mqueue;

/**
 * A message.
 *
 * @param priority 0 to 32767
 * @param text not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record QueuedText(int priority, byte[] text) {}
