package dev.bulwark.sentry.mm;

import dev.bulwark.sentry.ErrnoException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A {@link Mappable} that areas map, with all that is to be known of it while they do. It is asked
 * once, before any lock is taken: a file's own lock may be held by a read that waits for the lock
 * of a memory map because its buffer is not there yet, so no map may wait for a file. Counted by
 * the address spaces that map it and by calls in progress. Thread-safe.
 */
public final class MappedFile {
  private final Mappable source;
  private final Object identity;
  private final int fd;
  private final boolean writable;
  private final AtomicInteger holders = new AtomicInteger(1);

  private MappedFile(Mappable source, int fd, boolean writable) {
    this.source = source;
    this.identity = source.identity();
    this.fd = fd;
    this.writable = writable;
  }

  /**
   * Asks a file for its descriptor.
   *
   * @param store whether shared mappings may ever store
   * @return with one holder, the caller
   * @throws ErrnoException what the file answers
   */
  static MappedFile open(Mappable source, boolean store) throws ErrnoException {
    source.mapped(1);
    try {
      return new MappedFile(source, source.hostFd(store), store);
    } catch (ErrnoException | RuntimeException e) {
      source.mapped(-1);
      throw e;
    }
  }

  /** Notes another holder; the caller knows one that stays meanwhile. */
  void acquire() {
    holders.incrementAndGet();
  }

  /** Gives up a hold. No lock may be held: the last one tells the file. */
  void release() {
    if (holders.decrementAndGet() == 0) {
      source.mapped(-1);
    }
  }

  /** What is mapped. */
  public Mappable source() {
    return source;
  }

  /** What tells the contents apart, as the file said. */
  Object identity() {
    return identity;
  }

  /** The descriptor, open while there is a holder. */
  int fd() {
    return fd;
  }

  /** Whether the descriptor admits storing. */
  boolean writable() {
    return writable;
  }
}
