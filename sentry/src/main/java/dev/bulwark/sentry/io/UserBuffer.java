package dev.bulwark.sentry.io;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.mm.UserMemory;
import java.lang.foreign.MemorySegment;

/** A buffer in application memory: one range, or the ranges of an iovec array. */
public final class UserBuffer extends IoBuffer {
  /** How many elements an iovec array may have (UIO_MAXIOV). */
  public static final int MAX_RANGES = 1024;

  /** The most bytes that one read or write moves (MAX_RW_COUNT). */
  public static final long MAX_BYTES = 0x7ffff000L;

  private final UserMemory memory;
  private final long[] ranges;
  private int range;
  private long inRange;
  private long remaining;

  private UserBuffer(UserMemory memory, long[] ranges, long total) {
    this.memory = memory;
    this.ranges = ranges;
    this.remaining = total;
  }

  /** One range; longer ones than {@link #MAX_BYTES} are cut. */
  public static UserBuffer of(UserMemory memory, long address, long length) {
    long cut = Long.compareUnsigned(length, MAX_BYTES) > 0 ? MAX_BYTES : length;
    return new UserBuffer(memory, new long[] {address, cut}, cut);
  }

  /**
   * The ranges of an iovec array, cut to {@link #MAX_BYTES} in all.
   *
   * @throws ErrnoException EINVAL for a count outside 0..1024 or a negative length, EFAULT
   */
  public static UserBuffer ofVector(UserMemory memory, long vector, long count)
      throws ErrnoException {
    if (count < 0 || count > MAX_RANGES) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    long[] ranges = new long[(int) count * 2];
    long total = 0;
    for (int i = 0; i < count; i++) {
      ranges[2 * i] = memory.getLong(vector + 16L * i);
      long length = memory.getLong(vector + 16L * i + 8);
      if (length < 0) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      length = Math.min(length, MAX_BYTES - total);
      ranges[2 * i + 1] = length;
      total += length;
    }
    return new UserBuffer(memory, ranges, total);
  }

  @Override
  public long remaining() {
    return remaining;
  }

  @Override
  public UserBuffer duplicate() {
    UserBuffer copy = new UserBuffer(memory, ranges, remaining);
    copy.range = range;
    copy.inRange = inRange;
    return copy;
  }

  @Override
  public MemorySegment chunk(boolean store) throws ErrnoException {
    while (inRange == ranges[2 * range + 1]) {
      range++;
      inRange = 0;
    }
    return memory.chunk(ranges[2 * range] + inRange, ranges[2 * range + 1] - inRange, store);
  }

  @Override
  public void advance(long n) {
    remaining -= n;
    long left = n;
    while (left > 0) {
      long here = Math.min(left, ranges[2 * range + 1] - inRange);
      inRange += here;
      left -= here;
      if (inRange == ranges[2 * range + 1] && range + 1 < ranges.length / 2) {
        range++;
        inRange = 0;
      }
    }
  }
}
