package dev.bulwark.sentry.mm;

/** The {@code MAP_} flags of mmap(2) on x86-64. */
public final class MapFlags {
  /** Stores are seen by all who map the object, and reach the file. */
  public static final int SHARED = 1;

  /** Stores are seen by this address space only. */
  public static final int PRIVATE = 2;

  /** As {@link #SHARED}, but flags that mean nothing are refused with EOPNOTSUPP. */
  public static final int SHARED_VALIDATE = 3;

  /** The bits that say which of the three it is. */
  public static final int TYPE = 0xf;

  /** At this address and no other; what was there is replaced. */
  public static final int FIXED = 0x10;

  /** Memory that no file backs. */
  public static final int ANONYMOUS = 0x20;

  /** In the low two gigabytes. */
  public static final int LOW_2GB = 0x40;

  /** A stack: a fault just below makes the area grow. */
  public static final int GROWSDOWN = 0x100;

  /** Without effect. */
  public static final int DENYWRITE = 0x800;

  /** Without effect. */
  public static final int EXECUTABLE = 0x1000;

  /** As mlock(2) right away. */
  public static final int LOCKED = 0x2000;

  /** Not counted against what the sandbox could ever need. */
  public static final int NORESERVE = 0x4000;

  /** Pages are made right away. */
  public static final int POPULATE = 0x8000;

  /** With {@link #POPULATE}: but without reading files. */
  public static final int NONBLOCK = 0x10000;

  /** Suits a thread's stack; without effect. */
  public static final int STACK = 0x20000;

  /** Huge pages, of which there are none. */
  public static final int HUGETLB = 0x40000;

  /** Persistent memory; no file supports it. */
  public static final int SYNC = 0x80000;

  /** At this address, or EEXIST when something is mapped there. */
  public static final int FIXED_NOREPLACE = 0x100000;

  /** Where the size of huge pages stands. */
  private static final int HUGE_SIZE = 0x3f << 26;

  /** What {@link #SHARED_VALIDATE} admits. */
  static final int VALID =
      TYPE
          | FIXED
          | FIXED_NOREPLACE
          | ANONYMOUS
          | LOW_2GB
          | GROWSDOWN
          | DENYWRITE
          | EXECUTABLE
          | LOCKED
          | NORESERVE
          | POPULATE
          | NONBLOCK
          | STACK
          | HUGETLB
          | HUGE_SIZE;

  private MapFlags() {}
}
