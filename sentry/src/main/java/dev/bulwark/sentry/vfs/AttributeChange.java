package dev.bulwark.sentry.vfs;

/**
 * What of a file's attributes shall become what. Permission was checked by who asks. The time of
 * change becomes now in any case.
 *
 * @param valid which of the others count: a sum of the constants
 * @param mode permission bits, without the type
 * @param uid owner
 * @param gid group
 * @param size length in bytes
 * @param accessed nanoseconds since the epoch
 * @param modified nanoseconds since the epoch
 */
public record AttributeChange(
    int valid, int mode, int uid, int gid, long size, long accessed, long modified) {

  /** The mode counts. */
  public static final int MODE = 1;

  /** The owner counts. */
  public static final int UID = 2;

  /** The group counts. */
  public static final int GID = 4;

  /** The size counts. */
  public static final int SIZE = 8;

  /** The time of the last access counts. */
  public static final int ACCESSED = 16;

  /** The time of the last modification counts. */
  public static final int MODIFIED = 32;

  /** New permission bits. */
  public static AttributeChange ofMode(int mode) {
    return new AttributeChange(MODE, mode & 07777, 0, 0, 0, 0, 0);
  }

  /** New owners. */
  public static AttributeChange ofOwner(int uid, int gid) {
    return new AttributeChange(UID | GID, 0, uid, gid, 0, 0, 0);
  }

  /** A new length. */
  public static AttributeChange ofSize(long size) {
    return new AttributeChange(SIZE, 0, 0, 0, size, 0, 0);
  }

  /** Whether all of a sum of constants count. */
  public boolean has(int what) {
    return (valid & what) == what;
  }

  /** The same, and new permission bits. */
  public AttributeChange withMode(int bits) {
    return new AttributeChange(valid | MODE, bits & 07777, uid, gid, size, accessed, modified);
  }
}
