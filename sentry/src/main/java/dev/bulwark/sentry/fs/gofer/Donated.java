package dev.bulwark.sentry.fs.gofer;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A descriptor of a regular file that the Gofer donated. Whoever works with it counts as a user; it
 * is closed when it was given up and the last user is gone. Thread-safe.
 */
final class Donated {
  private static final int CLOSED = 1 << 30;

  /** Closes a descriptor. */
  @FunctionalInterface
  interface Closer {
    void close(int fd);
  }

  final int fd;
  private final Closer closer;

  /** Its place among all; guarded by the monitor of {@link DescriptorBudget}. */
  int slot = -1;

  private final AtomicInteger users = new AtomicInteger(1);
  private volatile boolean recent = true;

  /** A descriptor with one user, the caller. */
  Donated(int fd, Closer closer) {
    this.fd = fd;
    this.closer = closer;
  }

  /** Counts one more user; false when it was given up. */
  boolean use() {
    int now;
    do {
      now = users.get();
      if (now >= CLOSED) {
        return false;
      }
    } while (!users.compareAndSet(now, now + 1));
    if (!recent) {
      recent = true;
    }
    return true;
  }

  void unuse() {
    if (users.decrementAndGet() == CLOSED) {
      closer.close(fd);
    }
  }

  /** Whether it was used since this was asked last. */
  boolean takeRecent() {
    boolean was = recent;
    recent = false;
    return was;
  }

  /** Gives it up, unless somebody works with it. */
  boolean closeIfIdle() {
    if (!users.compareAndSet(0, CLOSED)) {
      return false;
    }
    closer.close(fd);
    return true;
  }

  /** Gives it up as soon as nobody works with it. */
  void close() {
    int now;
    do {
      now = users.get();
      if (now >= CLOSED) {
        return;
      }
    } while (!users.compareAndSet(now, now + CLOSED));
    if (now == 0) {
      closer.close(fd);
    }
  }
}
