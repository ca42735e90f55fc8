package dev.bulwark.linux;

import org.jspecify.annotations.Nullable;

/**
 * Calls of the host on names, relative to descriptors of directories. Names are byte strings
 * without NUL and shorter than 4096 bytes; what they may contain beyond is the caller's to decide.
 * Results are the kernel's, with an errno negated. Thread-safe.
 */
public final class HostPath {
  /** Relative to the working directory. */
  public static final int AT_FDCWD = -100;

  /** Do not follow a symbolic link at the end. */
  public static final int AT_SYMLINK_NOFOLLOW = 0x100;

  /** unlinkat removes a directory. */
  public static final int AT_REMOVEDIR = 0x200;

  /** linkat follows a symbolic link at the end. */
  public static final int AT_SYMLINK_FOLLOW = 0x400;

  /** Do not mount anything on the way. */
  public static final int AT_NO_AUTOMOUNT = 0x800;

  /** An empty name means the descriptor itself. */
  public static final int AT_EMPTY_PATH = 0x1000;

  /** Open for reading. */
  public static final int O_RDONLY = 0;

  /** Open for writing. */
  public static final int O_WRONLY = 1;

  /** Open for both. */
  public static final int O_RDWR = 2;

  /** Make the file. */
  public static final int O_CREAT = 0100;

  /** Fail when it is there already. */
  public static final int O_EXCL = 0200;

  /** Do not let it become the controlling terminal. */
  public static final int O_NOCTTY = 0400;

  /** Write at the end. */
  public static final int O_APPEND = 02000;

  /** Do not wait. */
  public static final int O_NONBLOCK = 04000;

  /** Fail when it is no directory. */
  public static final int O_DIRECTORY = 0200000;

  /** Fail when it is a symbolic link; with {@link #O_PATH}, open the link. */
  public static final int O_NOFOLLOW = 0400000;

  /** Close it on execve(2). */
  public static final int O_CLOEXEC = 02000000;

  /** A place in the tree only, no right to the contents. */
  public static final int O_PATH = 010000000;

  /** A file without a name, in the directory. */
  public static final int O_TMPFILE = 020200000;

  /** openat2: follow no magic link of /proc. */
  public static final int RESOLVE_NO_MAGICLINKS = 2;

  /** openat2: follow no symbolic link. */
  public static final int RESOLVE_NO_SYMLINKS = 4;

  /** openat2: stay below the directory. */
  public static final int RESOLVE_BENEATH = 8;

  private static final int OPEN_HOW = 24;

  private HostPath() {}

  /** openat(2). */
  public static long openAt(int directory, String name, int flags, int mode) {
    try (Scratch scratch = Scratch.take()) {
      return retry(Sys.OPENAT, directory, scratch.name(name), flags, mode);
    }
  }

  /**
   * openat2(2).
   *
   * @param resolve a sum of the {@code RESOLVE_} constants
   */
  public static long openAt2(int directory, String name, int flags, int mode, int resolve) {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory how = scratch.struct;
      how.putLong(0, flags & 0xffffffffL);
      how.putLong(8, mode);
      how.putLong(16, resolve);
      return retry(Sys.OPENAT2, directory, scratch.name(name), how.address(), OPEN_HOW);
    }
  }

  /** mkdirat(2). */
  public static long mkdirAt(int directory, String name, int mode) {
    try (Scratch scratch = Scratch.take()) {
      return HostCall.call(Sys.MKDIRAT, directory, scratch.name(name), mode);
    }
  }

  /**
   * mknodat(2).
   *
   * @param mode type and permission bits
   * @param device number of a device node
   */
  public static long mknodAt(int directory, String name, int mode, long device) {
    try (Scratch scratch = Scratch.take()) {
      return HostCall.call(Sys.MKNODAT, directory, scratch.name(name), mode, device);
    }
  }

  /** symlinkat(2). */
  public static long symlinkAt(String target, int directory, String name) {
    try (Scratch scratch = Scratch.take()) {
      return HostCall.call(Sys.SYMLINKAT, scratch.otherName(target), directory, scratch.name(name));
    }
  }

  /** linkat(2). */
  public static long linkAt(
      int oldDirectory, String oldName, int newDirectory, String newName, int flags) {
    try (Scratch scratch = Scratch.take()) {
      return HostCall.call(
          Sys.LINKAT,
          oldDirectory,
          scratch.name(oldName),
          newDirectory,
          scratch.otherName(newName),
          flags);
    }
  }

  /**
   * unlinkat(2).
   *
   * @param flags 0, or {@link #AT_REMOVEDIR}
   */
  public static long unlinkAt(int directory, String name, int flags) {
    try (Scratch scratch = Scratch.take()) {
      return HostCall.call(Sys.UNLINKAT, directory, scratch.name(name), flags);
    }
  }

  /** renameat2(2). */
  public static long renameAt2(
      int oldDirectory, String oldName, int newDirectory, String newName, int flags) {
    try (Scratch scratch = Scratch.take()) {
      return HostCall.call(
          Sys.RENAMEAT2,
          oldDirectory,
          scratch.name(oldName),
          newDirectory,
          scratch.otherName(newName),
          flags);
    }
  }

  /**
   * readlinkat(2).
   *
   * @param name empty for the symbolic link that the descriptor stands for
   * @return its text; null when that fails
   */
  public static @Nullable String readlinkAt(int directory, String name) {
    try (Scratch scratch = Scratch.take()) {
      long n =
          HostCall.call(
              Sys.READLINKAT,
              directory,
              scratch.name(name),
              scratch.data.address(),
              scratch.data.size());
      if (n < 0) {
        return null;
      }
      return scratch.data.getString(0, (int) n);
    }
  }

  /** fchownat(2); a number of -1 leaves the owner or the group. */
  public static long chownAt(int directory, String name, int uid, int gid, int flags) {
    try (Scratch scratch = Scratch.take()) {
      return HostCall.call(Sys.FCHOWNAT, directory, scratch.name(name), uid, gid, flags);
    }
  }

  /** fchmodat(2); follows a symbolic link. */
  public static long chmodAt(int directory, String name, int mode) {
    try (Scratch scratch = Scratch.take()) {
      return HostCall.call(Sys.FCHMODAT, directory, scratch.name(name), mode);
    }
  }

  /**
   * utimensat(2).
   *
   * @param accessed seconds and nanoseconds of the last access; the nanoseconds may be UTIME_NOW or
   *     UTIME_OMIT
   * @param modified the same of the last modification
   */
  public static long utimensAt(
      int directory, String name, long[] accessed, long[] modified, int flags) {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory times = scratch.struct;
      times.putLong(0, accessed[0]);
      times.putLong(8, accessed[1]);
      times.putLong(16, modified[0]);
      times.putLong(24, modified[1]);
      return HostCall.call(Sys.UTIMENSAT, directory, scratch.name(name), times.address(), flags);
    }
  }

  private static long retry(int call, long directory, long name, long third, long fourth) {
    long r;
    do {
      r = HostCall.call(call, directory, name, third, fourth);
    } while (r == -Errno.EINTR);
    return r;
  }
}
