package dev.bulwark.sentry.fs.gofer;

import dev.bulwark.sentry.ErrnoException;
import org.jspecify.annotations.Nullable;

/**
 * The donated descriptors of one file: one for reading, one for both. It knows nothing of the
 * inode, so that it can be closed after that is gone. Thread-safe.
 */
final class Descriptors {
  private final DescriptorBudget budget;
  private volatile @Nullable Donated reading;
  private volatile @Nullable Donated writing;

  Descriptors(DescriptorBudget budget) {
    this.budget = budget;
  }

  /** A descriptor that is good for reading, or also for writing; null when there is none. */
  @Nullable Donated use(boolean write) {
    Donated both = writing;
    if (both != null && both.use()) {
      return both;
    }
    return write ? null : useReadOnly();
  }

  /** A descriptor that is good for reading and nothing else; null when there is none. */
  @Nullable Donated useReadOnly() {
    Donated donated = reading;
    return donated != null && donated.use() ? donated : null;
  }

  /**
   * Keeps a new descriptor.
   *
   * @return the descriptor to use, which counts as used: this or one that came meanwhile
   * @throws ErrnoException ENFILE; then the descriptor is closed
   */
  Donated keep(int fd, boolean write) throws ErrnoException {
    Donated donated = new Donated(fd, write);
    synchronized (this) {
      Donated other = write ? writing : reading;
      if (other != null && other.use()) {
        donated.close();
        donated.unuse();
        return other;
      }
      try {
        budget.enter(donated);
      } catch (ErrnoException e) {
        donated.close();
        donated.unuse();
        throw e;
      }
      if (write) {
        writing = donated;
      } else {
        reading = donated;
      }
    }
    return donated;
  }

  /** Gives all up. */
  synchronized void close() {
    Donated one = reading;
    Donated both = writing;
    reading = null;
    writing = null;
    if (one != null) {
      budget.leave(one);
      one.close();
    }
    if (both != null) {
      budget.leave(both);
      both.close();
    }
  }
}
