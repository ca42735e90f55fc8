package dev.bulwark.sentry.mm;

import dev.bulwark.platform.MemoryFile;

/**
 * Which parts of a memory file are in use. The file is as large as an address space and sparse, so
 * a page of an application most often lies at the offset that equals its address: areas that touch
 * then touch in the file too and stay one area. Only memory that was moved lies elsewhere.
 *
 * <p>A small range that is given back keeps its pages until it is used again, when they are zeroed:
 * that is cheaper than having the host free and fault them. Guarded by the lock of the memory map.
 */
final class MemoryRanges {
  /** A larger range goes back to the host at once: zeroing it costs more than it saves. */
  private static final long KEPT_RANGE = 128 << 10;

  /** How much may be kept in all. */
  private static final long KEPT_TOTAL = 1 << 20;

  private final MemoryFile file;
  private final RangeSet used = new RangeSet();
  private final RangeSet kept = new RangeSet();
  private long keptBytes;
  private long cursor;
  private boolean filled;

  MemoryRanges(MemoryFile file) {
    this.file = file;
    // Far from where the addresses of programs, heaps, libraries and stacks put their pages.
    this.cursor = file.size() / 2;
  }

  /**
   * Takes a range whose bytes are zero.
   *
   * @param prefer where it should be if that is free; cut to the size of the file
   * @return its offset, or -1 when the file has no such range free
   */
  long allocate(long prefer, long length) {
    long wanted = prefer & (file.size() - 1);
    boolean free = wanted <= file.size() - length && used.overlap(wanted, wanted + length) == null;
    long offset = free ? wanted : search(length);
    if (offset >= 0) {
      claim(offset, length);
      filled = clean(offset, offset + length) == length;
    }
    return offset;
  }

  /** Whether the host holds all pages of the range that {@link #allocate} gave last. */
  boolean filled() {
    return filled;
  }

  private long search(long length) {
    long found = used.gap(cursor, file.size(), length);
    if (found < 0) {
      found = used.gap(0, file.size(), length);
    }
    if (found >= 0) {
      cursor = found + length;
    }
    return found;
  }

  /** Marks a range as used that is known to be free, without touching its bytes. */
  void claim(long offset, long length) {
    used.add(offset, offset + length);
  }

  /** Gives a range back. Nobody may map it any more. */
  void release(long offset, long length) {
    used.remove(offset, offset + length);
    if (length <= KEPT_RANGE && keptBytes + length <= KEPT_TOTAL) {
      kept.add(offset, offset + length);
      keptBytes += length;
    } else {
      file.free(offset, length);
    }
  }

  /** Zeroes what is kept in a range; returns how many bytes of it the host holds. */
  private long clean(long start, long end) {
    long held = 0;
    RangeSet.Range range;
    while ((range = kept.overlap(start, end)) != null) {
      long from = Math.max(start, range.start());
      long to = Math.min(end, range.end());
      kept.remove(from, to);
      keptBytes -= to - from;
      held += zero(from, to);
    }
    return held;
  }

  private long zero(long from, long to) {
    long held = 0;
    long at = file.nextData(from);
    while (at < to) {
      long n = Math.min(Math.min(to, file.nextHole(at)) - at, file.span(at));
      file.at(at, n).fill((byte) 0);
      held += n;
      at = at + n < to ? file.nextData(at + n) : to;
    }
    return held;
  }

  /** Frees what is kept for reuse. */
  void trim() {
    RangeSet.Range range;
    while ((range = kept.poll()) != null) {
      file.free(range.start(), range.end() - range.start());
    }
    keptBytes = 0;
  }

  /** How many bytes are kept for reuse. */
  long keptBytes() {
    return keptBytes;
  }
}
