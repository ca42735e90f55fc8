package dev.bulwark.sentry.mm;

/** The {@code PROT_} bits of mmap(2). */
public final class Protection {
  /** No access at all. */
  public static final int NONE = 0;

  /** Pages can be read. */
  public static final int READ = 1;

  /** Pages can be written; on x86-64 that implies reading. */
  public static final int WRITE = 2;

  /** Pages can be executed; on x86-64 without protection keys that implies reading. */
  public static final int EXEC = 4;

  /** The bits that say what an access may do. */
  public static final int ALL = READ | WRITE | EXEC;

  /** Pages can hold atomic operations; without effect. */
  public static final int SEM = 8;

  /** mprotect(2): the change reaches down to the start of an area that grows down. */
  public static final int GROWS_DOWN = 0x01000000;

  /** mprotect(2): the change reaches up to the end of an area that grows up; none does. */
  public static final int GROWS_UP = 0x02000000;

  private Protection() {}
}
