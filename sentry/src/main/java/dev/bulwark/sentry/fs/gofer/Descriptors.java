package dev.bulwark.sentry.fs.gofer;

import dev.bulwark.linux.HostFile;
import dev.bulwark.sentry.ErrnoException;
import org.jspecify.annotations.Nullable;

/**
 * The donated descriptors of one file: one for reading, one for both, and one for writing at the
 * end where others may write too. It knows nothing of the inode, so that it can be closed after
 * that is gone. Thread-safe.
 */
final class Descriptors {
  /** What a descriptor is good for. */
  enum Use {
    READ,
    WRITE,
    APPEND
  }

  private final DescriptorBudget budget;
  private final Donated.Closer closer;
  private volatile @Nullable Donated reading;
  private volatile @Nullable Donated writing;
  private volatile @Nullable Donated appending;

  /**
   * None yet.
   *
   * @param closer closes those that were good for writing
   */
  Descriptors(DescriptorBudget budget, Donated.Closer closer) {
    this.budget = budget;
    this.closer = closer;
  }

  /** The descriptor for writing at the end, or null when there is none. */
  @Nullable Donated useAppending() {
    Donated donated = appending;
    return donated != null && donated.use() ? donated : null;
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
  Donated keep(int fd, Use use) throws ErrnoException {
    Donated donated = new Donated(fd, use == Use.READ ? HostFile::close : closer);
    synchronized (this) {
      Donated other =
          switch (use) {
            case READ -> reading;
            case WRITE -> writing;
            case APPEND -> appending;
          };
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
      switch (use) {
        case READ -> reading = donated;
        case WRITE -> writing = donated;
        case APPEND -> appending = donated;
      }
    }
    return donated;
  }

  /** Gives all up. */
  synchronized void close() {
    close(reading);
    close(writing);
    close(appending);
    reading = null;
    writing = null;
    appending = null;
  }

  private void close(@Nullable Donated donated) {
    if (donated != null) {
      budget.leave(donated);
      donated.close();
    }
  }
}
