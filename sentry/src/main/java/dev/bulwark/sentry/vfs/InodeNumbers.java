package dev.bulwark.sentry.vfs;

import java.util.concurrent.atomic.AtomicLong;

/** Numbers for inodes that have no name, such as those of pipes and sockets. Thread-safe. */
public final class InodeNumbers {
  private final AtomicLong last = new AtomicLong(1 << 14);

  /** Numbers from the beginning. */
  public InodeNumbers() {}

  /** A number that was not given before. */
  public long next() {
    return last.incrementAndGet();
  }
}
