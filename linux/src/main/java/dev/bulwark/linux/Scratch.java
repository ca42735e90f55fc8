package dev.bulwark.linux;

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

  /** The struct; holds what the last user left. */
  final NativeMemory struct;

  /** The data; holds what the last user left. */
  final NativeMemory data;

  private final NativeMemory first;
  private final NativeMemory second;

  private Scratch() {
    NativeMemory all = NativeMemory.allocate(2 * NAME + STRUCT + DATA);
    struct = all.slice(0, STRUCT);
    first = all.slice(STRUCT, NAME);
    second = all.slice(STRUCT + NAME, NAME);
    data = all.slice(STRUCT + 2 * NAME, DATA);
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

  private static long store(NativeMemory to, String name) {
    if (name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a name with NUL in it");
    }
    to.putString(0, name);
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
