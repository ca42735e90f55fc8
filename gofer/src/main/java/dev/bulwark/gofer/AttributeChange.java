package dev.bulwark.gofer;

import java.nio.ByteBuffer;

/**
 * What of a file's attributes shall become what.
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

  /** Whether any of a sum of constants counts. */
  boolean any(int what) {
    return (valid & what) != 0;
  }

  void write(ByteBuffer to) {
    to.putInt(valid).putInt(mode).putInt(uid).putInt(gid);
    to.putLong(size).putLong(accessed).putLong(modified);
  }

  static AttributeChange read(ByteBuffer from) throws MalformedMessageException {
    return new AttributeChange(
        Wire.getInt(from),
        Wire.getInt(from),
        Wire.getInt(from),
        Wire.getInt(from),
        Wire.getLong(from),
        Wire.getLong(from),
        Wire.getLong(from));
  }
}
