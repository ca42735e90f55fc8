package dev.bulwark.sentry.loader;

import java.util.random.RandomGenerator;

/**
 * Where the parts of an address space go: as on Linux x86-64, random unless the personality says
 * otherwise.
 *
 * @param stackTop end of the main stack
 * @param stackShift bytes left out between the strings and the tables of the first stack, below
 *     8192
 * @param mmapBase where mmap(2) begins to look, downwards
 * @param pieBase where a position-independent program with an interpreter goes
 * @param brkShift bytes between a program and its heap
 */
public record AddressLayout(
    long stackTop, int stackShift, long mmapBase, long pieBase, long brkShift) {
  private static final long STACK_RANDOM = 1L << 34;
  private static final long MMAP_RANDOM = 1L << 40;
  private static final long BRK_RANDOM = 1L << 30;
  private static final long GUARD = 256 * Segments.PAGE;
  private static final long MIN_GAP = 128L << 20;

  /**
   * A random layout.
   *
   * @param limit first address that applications cannot have
   * @param stackLimit the soft RLIMIT_STACK, negative for none
   * @param random a cryptographically strong source
   */
  public static AddressLayout random(long limit, long stackLimit, RandomGenerator random) {
    return new AddressLayout(
        limit - page(random, Math.min(STACK_RANDOM, limit / 16)),
        random.nextInt(8192),
        mmapTop(limit, stackLimit) - page(random, Math.min(MMAP_RANDOM, limit / 16)),
        pie(limit) + page(random, Math.min(MMAP_RANDOM, limit / 16)),
        page(random, BRK_RANDOM));
  }

  /** The layout of a process with the personality ADDR_NO_RANDOMIZE; parameters as in random. */
  public static AddressLayout fixed(long limit, long stackLimit) {
    return new AddressLayout(limit, 0, mmapTop(limit, stackLimit), pie(limit), 0);
  }

  private static long page(RandomGenerator random, long below) {
    return random.nextLong(below) & -Segments.PAGE;
  }

  private static long pie(long limit) {
    return Segments.pageStart(limit / 3 * 2);
  }

  private static long mmapTop(long limit, long stackLimit) {
    long most = limit / 6 * 5;
    long pad = STACK_RANDOM + GUARD;
    long gap = stackLimit < 0 || stackLimit > most - pad ? most : stackLimit + pad;
    return Segments.pageStart(limit - Math.clamp(gap, Math.min(MIN_GAP, most), most));
  }
}
