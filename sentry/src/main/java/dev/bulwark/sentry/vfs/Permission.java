package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;

/** The rules of path_resolution(7) and inode(7) on who may do what. */
public final class Permission {
  /** Run a file, or search a directory. */
  public static final int EXECUTE = 1;

  /** Write. */
  public static final int WRITE = 2;

  /** Read. */
  public static final int READ = 4;

  private static final int STICKY = 01000;

  private Permission() {}

  /**
   * Checks mode bits and the capabilities that override them.
   *
   * @throws ErrnoException EACCES
   */
  public static void check(int mode, int uid, int gid, int wanted, Credentials who)
      throws ErrnoException {
    int bits;
    if (who.fsuid() == uid) {
      bits = mode >> 6;
    } else if (who.inGroup(gid)) {
      bits = mode >> 3;
    } else {
      bits = mode;
    }
    if ((wanted & ~bits) == 0) {
      return;
    }
    boolean directory = (mode & Attributes.TYPE_MASK) == Attributes.DIRECTORY;
    if (directory) {
      if ((wanted & WRITE) == 0 && who.has(Capability.DAC_READ_SEARCH)) {
        return;
      }
      if (who.has(Capability.DAC_OVERRIDE)) {
        return;
      }
    } else {
      if (wanted == READ && who.has(Capability.DAC_READ_SEARCH)) {
        return;
      }
      boolean executable = (mode & 0111) != 0;
      if (((wanted & EXECUTE) == 0 || executable) && who.has(Capability.DAC_OVERRIDE)) {
        return;
      }
    }
    throw ErrnoException.of(Errno.EACCES);
  }

  /** Whether somebody owns a file, or may act as if. */
  public static boolean owns(int uid, Credentials who) {
    return who.fsuid() == uid || who.has(Capability.FOWNER);
  }

  /** Whether a sticky directory keeps somebody from removing or moving a file of another. */
  static boolean stickyForbids(Inode directory, Inode child, Credentials who)
      throws ErrnoException {
    Attributes above = directory.attributes();
    return (above.mode() & STICKY) != 0
        && who.fsuid() != above.uid()
        && who.fsuid() != child.attributes().uid()
        && !who.has(Capability.FOWNER);
  }
}
