package dev.bulwark.gofer;

import dev.bulwark.linux.Statx;

/**
 * What the host says about a file. Times are nanoseconds since the epoch.
 *
 * @param device number of the host's file system, as makedev(3) packs it
 * @param inode number within it
 * @param mode file type and permission bits
 * @param links hard links
 * @param uid owner
 * @param gid group
 * @param special device number of a device file
 * @param size bytes
 * @param blockSize preferred size of a transfer, in bytes
 * @param blocks allocated units of 512 bytes
 * @param accessed time of the last access
 * @param modified time of the last change of contents
 * @param changed time of the last change of attributes
 * @param born time of creation; 0 when unknown
 */
public record FileAttributes(
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

  /** The attributes that the host just told. */
  public static FileAttributes of(Statx s) {
    return new FileAttributes(
        s.device(),
        s.inode(),
        s.mode(),
        s.links(),
        s.uid(),
        s.gid(),
        s.special(),
        s.size(),
        s.blockSize(),
        s.blocks(),
        s.accessed(),
        s.modified(),
        s.changed(),
        s.born());
  }

  /** The same, with another owner. */
  public FileAttributes ownedBy(int user, int group) {
    return new FileAttributes(
        device, inode, mode, links, user, group, special, size, blockSize, blocks, accessed,
        modified, changed, born);
  }

  /** The type: {@link Statx#TYPE_MASK} bits of the mode. */
  public int type() {
    return mode & Statx.TYPE_MASK;
  }
}
