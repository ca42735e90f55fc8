package dev.bulwark.sentry.fs.tmpfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of the Sentry's heap all file systems in memory may take together for what is not
 * contents: inodes, names, extended attributes. Without it a program could make files until the
 * Sentry has no memory. Estimates, not measurements. Thread-safe.
 */
final class HeapBudget {
  /** What an inode or a further name is taken to cost. */
  static final long INODE = 512;

  private static final AtomicLong LEFT = new AtomicLong(Runtime.getRuntime().maxMemory() / 2);

  private HeapBudget() {}

  /**
   * Takes bytes.
   *
   * @throws ErrnoException ENOSPC
   */
  static void take(long bytes) throws ErrnoException {
    if (LEFT.addAndGet(-bytes) < 0) {
      LEFT.addAndGet(bytes);
      throw ErrnoException.of(Errno.ENOSPC);
    }
  }

  /** Gives bytes back; a negative number takes them where that must not fail. */
  static void give(long bytes) {
    LEFT.addAndGet(bytes);
  }

  /** Bytes that are left. */
  static long left() {
    return LEFT.get();
  }
}
