package dev.bulwark.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Native memory for the arguments and results of one host call, lent from a pool: two names, a
 * struct and some data. Belongs to one thread until it is closed.
 */
final class Scratch implements AutoCloseable {
  /** The longest name with its terminating NUL (PATH_MAX). */
  static final int NAME = 4096;

  /** Room for the struct of any call. */
  static final int STRUCT = 512;

  /** Room for data: directory entries, values of extended attributes. */
  static final int DATA = 1 << 16;

  private static final int KEPT = 16;
  private static final ConcurrentLinkedDeque<Scratch> POOL = new ConcurrentLinkedDeque<>();
  private static final AtomicInteger POOLED = new AtomicInteger();

  /** The struct. */
  final MemorySegment struct;

  /** The data. */
  final MemorySegment data;

  private final MemorySegment first;
  private final MemorySegment second;

  private Scratch() {
    MemorySegment all = Arena.ofAuto().allocate(2 * NAME + STRUCT + DATA, 8);
    struct = all.asSlice(0, STRUCT);
    first = all.asSlice(STRUCT, NAME);
    second = all.asSlice(STRUCT + NAME, NAME);
    data = all.asSlice(STRUCT + 2 * NAME, DATA);
  }

  static Scratch take() {
    Scratch pooled = POOL.pollFirst();
    if (pooled == null) {
      return new Scratch();
    }
    POOLED.decrementAndGet();
    return pooled;
  }

  /**
   * The address of a name as a C string.
   *
   * @throws IllegalArgumentException when it holds a NUL, where the kernel would cut it short
   * @throws IndexOutOfBoundsException when it is longer than {@link #NAME} admits
   */
  long name(String name) {
    return store(first, name);
  }

  /** The address of another name; see {@link #name}. */
  long otherName(String name) {
    return store(second, name);
  }

  private static long store(MemorySegment to, String name) {
    if (name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a name with NUL in it");
    }
    to.setString(0, name, StandardCharsets.ISO_8859_1);
    return to.address();
  }

  @Override
  public void close() {
    if (POOLED.get() < KEPT) {
      POOLED.incrementAndGet();
      POOL.addFirst(this);
    }
  }
}
