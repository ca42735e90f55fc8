package dev.bulwark.sentry.vfs;

/**
 * What statfs(2) tells of a file system.
 *
 * @param magic the type's number, such as 0x01021994 for tmpfs
 * @param blockSize bytes of a block, in which the next three are counted
 * @param blocks all blocks
 * @param free unused ones
 * @param available those that an unprivileged user may take
 * @param files all inodes
 * @param freeFiles unused ones
 * @param nameLength the longest name, in bytes
 */
public record Statfs(
    long magic,
    long blockSize,
    long blocks,
    long free,
    long available,
    long files,
    long freeFiles,
    long nameLength) {

  /** A file system without a size, such as proc. */
  public static Statfs sizeless(long magic) {
    return new Statfs(magic, 4096, 0, 0, 0, 0, 0, 255);
  }
}
