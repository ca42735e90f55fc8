package dev.bulwark.sentry.io;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A page of the Sentry's own native memory, from a {@link PagePool}. It is counted, so that several
 * owners can share contents that none of them changes any more (tee(2)). The contents are guarded
 * by whatever guards the owner.
 */
public final class Page {
  /** Bytes in a page. */
  public static final int SIZE = 4096;

  final MemorySegment memory;
  private final PagePool pool;
  private final AtomicInteger owners = new AtomicInteger();

  Page(PagePool pool, MemorySegment memory) {
    this.pool = pool;
    this.memory = memory;
  }

  void taken() {
    owners.set(1);
  }

  /** Adds an owner; returns this. */
  public Page share() {
    owners.incrementAndGet();
    return this;
  }

  /** Whether there is one owner only, who may change the contents. */
  public boolean exclusive() {
    return owners.get() == 1;
  }

  /** An owner lets go; after the last one the page belongs to the pool again. */
  public void free() {
    if (owners.decrementAndGet() == 0) {
      pool.give(this);
    }
  }

  /** Loads bytes from a buffer; returns how many, or EFAULT negated when none. */
  public long fill(IoBuffer from, int offset, int length) {
    return from.get(memory.asSlice(offset, length));
  }

  /** Stores bytes into a buffer; returns how many, or EFAULT negated when none. */
  public long drain(IoBuffer to, int offset, int length) {
    return to.put(memory.asSlice(offset, length));
  }

  /** A part of the page as a buffer. */
  public IoBuffer buffer(int offset, int length) {
    return IoBuffer.of(memory.asSlice(offset, length));
  }
}
