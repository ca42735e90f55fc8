package dev.bulwark.sentry.vfs;

/** The {@code O_} flags of open(2) on x86-64. */
public final class OpenFlags {
  /** The bits that say whether reading and writing is meant. */
  public static final int ACCESS_MODE = 3;

  /** Reading only. */
  public static final int RDONLY = 0;

  /** Writing only. */
  public static final int WRONLY = 1;

  /** Reading and writing. */
  public static final int RDWR = 2;

  /** Make the file when it is missing. */
  public static final int CREAT = 0100;

  /** With {@link #CREAT}: fail when the file exists. */
  public static final int EXCL = 0200;

  /** Do not make it the controlling terminal. */
  public static final int NOCTTY = 0400;

  /** Cut a regular file to nothing. */
  public static final int TRUNC = 01000;

  /** Every write goes to the end. */
  public static final int APPEND = 02000;

  /** Operations answer EAGAIN instead of waiting. */
  public static final int NONBLOCK = 04000;

  /** Writes are on the disk before they return, as far as contents go. */
  public static final int DSYNC = 010000;

  /** Signal-driven input and output. */
  public static final int ASYNC = 020000;

  /** Transfers go past the page cache. */
  public static final int DIRECT = 040000;

  /** Large files; always on for 64-bit programs. */
  public static final int LARGEFILE = 0100000;

  /** Fail when it is no directory. */
  public static final int DIRECTORY = 0200000;

  /** Fail when the last component is a symbolic link. */
  public static final int NOFOLLOW = 0400000;

  /** Do not note accesses. */
  public static final int NOATIME = 01000000;

  /** Close on execve(2); a flag of the descriptor, not of the description. */
  public static final int CLOEXEC = 02000000;

  /** {@link #DSYNC} and attributes too. */
  public static final int SYNC = 04010000;

  /** A place in the tree of files rather than the file's contents. */
  public static final int PATH = 010000000;

  /** A file without a name in the directory (includes {@link #DIRECTORY}). */
  public static final int TMPFILE = 020200000;

  private OpenFlags() {}
}
