package dev.bulwark.sentry.vfs;

/** The {@code RESOLVE_} flags of openat2(2). */
public final class ResolveFlags {
  /** Do not cross mounts. */
  public static final int NO_XDEV = 1;

  /** Do not follow the links of /proc that lead anywhere. */
  public static final int NO_MAGICLINKS = 2;

  /** Follow no link at all. */
  public static final int NO_SYMLINKS = 4;

  /** Do not leave the tree below the start. */
  public static final int BENEATH = 8;

  /** Take the start for the root. */
  public static final int IN_ROOT = 16;

  /** Answer EAGAIN instead of asking the file system. */
  public static final int CACHED = 32;

  /** All of them. */
  public static final int ALL = 63;

  private ResolveFlags() {}
}
