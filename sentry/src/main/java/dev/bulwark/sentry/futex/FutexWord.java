package dev.bulwark.sentry.futex;

/**
 * The 32-bit word of a futex in application memory, accessed atomically with the memory order of a
 * lock.
 */
public interface FutexWord {

  /** The word's value now. */
  int load();

  /** Stores {@code value} if the word is {@code expected}; whether it was. */
  boolean compareAndSet(int expected, int value);
}
