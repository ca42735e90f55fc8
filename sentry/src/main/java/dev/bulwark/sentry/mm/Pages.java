package dev.bulwark.sentry.mm;

/** Arithmetic on pages of 4096 bytes, the only size that applications are shown. */
public final class Pages {
  /** Bytes of a page. */
  public static final long SIZE = 4096;

  private static final long MASK = SIZE - 1;

  private Pages() {}

  /** The start of the page in which an address lies. */
  public static long down(long address) {
    return address & ~MASK;
  }

  /** The next page boundary; 0 when that is beyond the last address (PAGE_ALIGN wraps so too). */
  public static long up(long address) {
    return (address + MASK) & ~MASK;
  }

  /** Whether an address is a page boundary. */
  public static boolean aligned(long address) {
    return (address & MASK) == 0;
  }
}
