package dev.bulwark.sentry.vfs;

/**
 * What stat(2) and statx(2) tell of a file. Times are nanoseconds since the epoch.
 *
 * @param device number of the file system, as makedev(3) packs it
 * @param inode number within the file system
 * @param mode file type and permission bits
 * @param links hard links
 * @param uid owner
 * @param gid group
 * @param special device number of a device file, else 0
 * @param size bytes
 * @param blockSize preferred size of a transfer, in bytes
 * @param blocks allocated units of 512 bytes
 * @param accessed time of the last access
 * @param modified time of the last change of contents
 * @param changed time of the last change of attributes
 * @param born time of creation; 0 when unknown
 */
public record Attributes(
    long device,
    long inode,
    int mode,
    int links,
    int uid,
    int gid,
    long special,
    long size,
    int blockSize,
    long blocks,
    long accessed,
    long modified,
    long changed,
    long born) {

  /** The bits of {@code mode} that say the file's type. */
  public static final int TYPE_MASK = 0170000;

  /** A regular file. */
  public static final int REGULAR = 0100000;

  /** A directory. */
  public static final int DIRECTORY = 0040000;

  /** A symbolic link. */
  public static final int SYMLINK = 0120000;

  /** A FIFO or pipe. */
  public static final int FIFO = 0010000;

  /** A socket. */
  public static final int SOCKET = 0140000;

  /** A character device. */
  public static final int CHARACTER = 0020000;

  /** A block device. */
  public static final int BLOCK = 0060000;

  /** The type bits alone. */
  public int type() {
    return mode & TYPE_MASK;
  }

  /** Whether it is a directory. */
  public boolean isDirectory() {
    return type() == DIRECTORY;
  }

  /** Whether it is a regular file. */
  public boolean isRegular() {
    return type() == REGULAR;
  }
}
