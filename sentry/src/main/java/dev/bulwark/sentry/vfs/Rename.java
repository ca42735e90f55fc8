package dev.bulwark.sentry.vfs;

/** The {@code RENAME_} flags of renameat2(2). */
public final class Rename {
  /** Do not replace. */
  public static final int NOREPLACE = 1;

  /** Swap both names. */
  public static final int EXCHANGE = 2;

  /** Leave a whiteout (character device 0:0) behind. */
  public static final int WHITEOUT = 4;

  private Rename() {}
}
