package dev.bulwark.sentry.ipc;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.mm.Mappable;

/**
 * One shmat(2) of a segment, and what fork(2) makes of it. Attachments of one segment are different
 * files for the areas that map them, so that each is counted and detached by itself; their contents
 * are the same object. Thread-safe.
 */
final class Attachment implements Mappable {
  private final SharedMemorySystem system;
  private final Segment segment;

  /** Made with the lock of the system held, so that the segment's memory is still there. */
  Attachment(SharedMemorySystem system, Segment segment) {
    this.system = system;
    this.segment = segment;
    segment.memory().mapped(1);
  }

  /** Ends the hold that the maker has; those who map it have holds of their own by now. */
  void made() {
    segment.memory().mapped(-1);
  }

  Segment segment() {
    return segment;
  }

  @Override
  public int hostFd(boolean write) throws ErrnoException {
    return segment.memory().hostFd(write);
  }

  @Override
  public Object identity() {
    return segment.memory().identity();
  }

  @Override
  public void mapped(int change) {
    segment.memory().mapped(change);
  }

  @Override
  public void attached(int change) {
    system.count(segment, change);
  }

  @Override
  public boolean inMemory() {
    return true;
  }

  @Override
  public String mapsName() {
    return segment.mapsName();
  }

  @Override
  public long[] mapsIdentity() {
    return new long[] {1, segment.id()};
  }
}
