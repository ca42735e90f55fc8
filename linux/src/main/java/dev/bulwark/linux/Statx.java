package dev.bulwark.linux;

/**
 * What statx(2) tells of a file of the host. It can be filled again and again; belongs to one
 * thread.
 */
public final class Statx {
  /** The bits of {@link #mode} that say the file's type. */
  public static final int TYPE_MASK = 0170000;

  /** Type of a regular file. */
  public static final int REGULAR = 0100000;

  /** Type of a directory. */
  public static final int DIRECTORY = 0040000;

  /** Type of a symbolic link. */
  public static final int SYMLINK = 0120000;

  /** Type of a FIFO. */
  public static final int FIFO = 0010000;

  /** Type of a socket. */
  public static final int SOCKET = 0140000;

  /** Type of a character device. */
  public static final int CHARACTER = 0020000;

  /** Type of a block device. */
  public static final int BLOCK = 0060000;

  private static final int STATX_BTIME = 0x800;
  private static final int STATX_MNT_ID = 0x1000;

  /** Everything of struct stat, the time of birth, and the mount. */
  private static final int WANTED = 0x7ff | STATX_BTIME | STATX_MNT_ID;

  private static final long NANOSECONDS = 1_000_000_000L;

  private int mask;
  private int blockSize;
  private int links;
  private int uid;
  private int gid;
  private int mode;
  private long inode;
  private long size;
  private long blocks;
  private long accessed;
  private long born;
  private long changed;
  private long modified;
  private long special;
  private long device;
  private long mount;

  /** Empty until filled. */
  public Statx() {}

  /**
   * Asks the host for the file that a name in a directory stands for; a symbolic link is not
   * followed.
   *
   * @param name a byte string; empty for the file of the descriptor itself
   * @return 0, or an errno negated; then the contents are the old ones
   */
  public long fill(int directory, String name) {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory struct = scratch.struct;
      int emptyPath = name.isEmpty() ? HostPath.AT_EMPTY_PATH : 0;
      long r =
          HostCall.call(
              Sys.STATX,
              directory,
              scratch.name(name),
              HostPath.AT_SYMLINK_NOFOLLOW | HostPath.AT_NO_AUTOMOUNT | emptyPath,
              WANTED,
              struct.address());
      if (r == 0) {
        read(struct);
      }
      return r;
    }
  }

  private void read(NativeMemory s) {
    mask = s.getInt(0);
    blockSize = s.getInt(4);
    links = s.getInt(16);
    uid = s.getInt(20);
    gid = s.getInt(24);
    mode = s.getShort(28) & 0xffff;
    inode = s.getLong(32);
    size = s.getLong(40);
    blocks = s.getLong(48);
    accessed = time(s, 64);
    born = (mask & STATX_BTIME) != 0 ? time(s, 80) : 0;
    changed = time(s, 96);
    modified = time(s, 112);
    special = device(s.getInt(128), s.getInt(132));
    device = device(s.getInt(136), s.getInt(140));
    mount = (mask & STATX_MNT_ID) != 0 ? s.getLong(144) : 0;
  }

  private static long time(NativeMemory s, int offset) {
    return s.getLong(offset) * NANOSECONDS + s.getInt(offset + 8);
  }

  /** Packs a device number as makedev(3) does. */
  private static long device(long major, long minor) {
    return ((major & 0xfffff000L) << 32)
        | ((major & 0xfff) << 8)
        | ((minor & 0xffffff00L) << 12)
        | (minor & 0xff);
  }

  /** File type and permission bits. */
  public int mode() {
    return mode;
  }

  /** The type bits alone. */
  public int type() {
    return mode & TYPE_MASK;
  }

  /** Preferred size of a transfer in bytes. */
  public int blockSize() {
    return blockSize;
  }

  /** Number of hard links. */
  public int links() {
    return links;
  }

  /** Owner. */
  public int uid() {
    return uid;
  }

  /** Group. */
  public int gid() {
    return gid;
  }

  /** Number within the file system. */
  public long inode() {
    return inode;
  }

  /** Length in bytes. */
  public long size() {
    return size;
  }

  /** Allocated units of 512 bytes. */
  public long blocks() {
    return blocks;
  }

  /** Time of the last access, nanoseconds since the epoch. */
  public long accessed() {
    return accessed;
  }

  /** Time of the last change of contents, nanoseconds since the epoch. */
  public long modified() {
    return modified;
  }

  /** Time of the last change of attributes, nanoseconds since the epoch. */
  public long changed() {
    return changed;
  }

  /** Time of creation, nanoseconds since the epoch; 0 when the file system does not keep it. */
  public long born() {
    return born;
  }

  /** Device number of a device file, packed as by makedev(3). */
  public long special() {
    return special;
  }

  /** Number of the file system, packed as by makedev(3). */
  public long device() {
    return device;
  }

  /** Number of the mount through which it was reached; 0 before Linux 5.8. */
  public long mount() {
    return mount;
  }
}
