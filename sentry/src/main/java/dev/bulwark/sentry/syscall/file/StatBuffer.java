package dev.bulwark.sentry.syscall.file;

import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.DeviceNumber;
import dev.bulwark.sentry.vfs.FileClock;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.Mount;
import dev.bulwark.sentry.vfs.MountFlags;
import dev.bulwark.sentry.vfs.Statfs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The structures of stat(2), statx(2) and statfs(2) on x86-64. */
final class StatBuffer {
  private static final int STAT_SIZE = 144;
  private static final int STATX_SIZE = 256;
  private static final int STATFS_SIZE = 120;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_BTIME = 0x800;
  private static final int STATX_MNT_ID = 0x1000;
  private static final long STATX_ATTR_MOUNT_ROOT = 0x2000;
  private static final int ST_VALID = 0x20;

  private StatBuffer() {}

  private static ByteBuffer over(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** struct stat. */
  static byte[] stat(Attributes of) {
    byte[] bytes = new byte[STAT_SIZE];
    ByteBuffer to = over(bytes);
    to.putLong(of.device()).putLong(of.inode()).putLong(of.links() & 0xffffffffL);
    to.putInt(of.mode()).putInt(of.uid()).putInt(of.gid()).putInt(0);
    to.putLong(of.special()).putLong(of.size()).putLong(of.blockSize()).putLong(of.blocks());
    time(to, of.accessed());
    time(to, of.modified());
    time(to, of.changed());
    return bytes;
  }

  private static void time(ByteBuffer to, long time) {
    to.putLong(Math.floorDiv(time, FileClock.SECOND));
    to.putLong(Math.floorMod(time, FileClock.SECOND));
  }

  /**
   * struct statx.
   *
   * @param at where the file was found, or null for one without a place
   */
  static byte[] statx(Attributes of, @Nullable Location at) {
    byte[] bytes = new byte[STATX_SIZE];
    ByteBuffer to = over(bytes);
    int mask = STATX_BASIC_STATS;
    mask |= of.born() == 0 ? 0 : STATX_BTIME;
    mask |= at == null ? 0 : STATX_MNT_ID;
    boolean mountRoot = at != null && at.dentry().equals(at.mount().root());
    to.putInt(mask).putInt(of.blockSize()).putLong(mountRoot ? STATX_ATTR_MOUNT_ROOT : 0);
    to.putInt(of.links()).putInt(of.uid()).putInt(of.gid()).putShort((short) of.mode());
    to.putShort((short) 0);
    to.putLong(of.inode()).putLong(of.size()).putLong(of.blocks()).putLong(STATX_ATTR_MOUNT_ROOT);
    time(to, of.accessed());
    time(to, of.born());
    time(to, of.changed());
    time(to, of.modified());
    to.putInt(DeviceNumber.major(of.special())).putInt(DeviceNumber.minor(of.special()));
    to.putInt(DeviceNumber.major(of.device())).putInt(DeviceNumber.minor(of.device()));
    to.putLong(at == null ? 0 : at.mount().id());
    return bytes;
  }

  /** struct statfs. */
  static byte[] statfs(Statfs of, long device, Mount mount) {
    byte[] bytes = new byte[STATFS_SIZE];
    ByteBuffer to = over(bytes);
    to.putLong(of.magic()).putLong(of.blockSize());
    to.putLong(of.blocks()).putLong(of.free()).putLong(of.available());
    to.putLong(of.files()).putLong(of.freeFiles()).putLong(device);
    to.putLong(of.nameLength()).putLong(of.blockSize());
    to.putLong(flags(mount) | ST_VALID);
    return bytes;
  }

  private static int flags(Mount mount) {
    int same = MountFlags.RDONLY | MountFlags.NOSUID | MountFlags.NODEV | MountFlags.NOEXEC;
    int flags = mount.flags() & (same | MountFlags.NOATIME | MountFlags.NODIRATIME);
    if (mount.readOnly()) {
      flags |= MountFlags.RDONLY;
    }
    return (flags & (MountFlags.NOATIME | MountFlags.NODIRATIME)) == 0 ? flags | 0x1000 : flags;
  }
}
