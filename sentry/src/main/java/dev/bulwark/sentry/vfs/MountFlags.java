package dev.bulwark.sentry.vfs;

/** The {@code MS_} flags of mount(2). */
public final class MountFlags {
  /** Nothing can be written. */
  public static final int RDONLY = 1;

  /** Set-user-ID bits and file capabilities have no effect. */
  public static final int NOSUID = 2;

  /** Device nodes cannot be opened. */
  public static final int NODEV = 4;

  /** Programs cannot be executed. */
  public static final int NOEXEC = 8;

  /** Writes are synchronous. */
  public static final int SYNCHRONOUS = 16;

  /** Change the flags of an existing mount. */
  public static final int REMOUNT = 32;

  /** Symbolic links are not followed. */
  public static final int NOSYMFOLLOW = 256;

  /** Accesses are not noted. */
  public static final int NOATIME = 1024;

  /** Accesses of directories are not noted. */
  public static final int NODIRATIME = 2048;

  /** Show a tree at a second place. */
  public static final int BIND = 4096;

  /** Move a mount to another place. */
  public static final int MOVE = 8192;

  /** Work on all mounts below as well. */
  public static final int REC = 16384;

  /** No warnings; without effect. */
  public static final int SILENT = 32768;

  /** Mounts that can not be bound. */
  public static final int UNBINDABLE = 1 << 17;

  /** Mounts neither send nor receive. */
  public static final int PRIVATE = 1 << 18;

  /** Mounts receive only. */
  public static final int SLAVE = 1 << 19;

  /** Mounts send and receive. */
  public static final int SHARED = 1 << 20;

  /** Accesses are noted when the last noted one is older than the last change, or a day. */
  public static final int RELATIME = 1 << 21;

  /** Every access is noted. */
  public static final int STRICTATIME = 1 << 24;

  /** Those that belong to a mount rather than to the call. */
  public static final int PER_MOUNT =
      RDONLY
          | NOSUID
          | NODEV
          | NOEXEC
          | NOSYMFOLLOW
          | NOATIME
          | NODIRATIME
          | RELATIME
          | STRICTATIME;

  /** What says which accesses are noted. */
  public static final int ATIME = NOATIME | NODIRATIME | RELATIME | STRICTATIME;

  /**
   * The flags of a mount among those of a call. Without another wish, accesses are noted by the
   * rules of relatime.
   */
  static int ofMount(int flags) {
    int kept = flags & PER_MOUNT;
    return (kept & (NOATIME | STRICTATIME)) == 0
        ? kept | RELATIME
        : kept & ~(STRICTATIME | RELATIME);
  }

  private MountFlags() {}
}
