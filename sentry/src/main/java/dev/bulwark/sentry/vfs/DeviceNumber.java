package dev.bulwark.sentry.vfs;

import java.util.concurrent.atomic.AtomicInteger;

/** Device numbers as stat(2) shows them: major and minor packed the way makedev(3) does. */
public final class DeviceNumber {
  private static final AtomicInteger NEXT_ANONYMOUS = new AtomicInteger(1);

  private DeviceNumber() {}

  /** Packs a number. */
  public static long of(long major, long minor) {
    return ((major & 0xfffff000L) << 32)
        | ((major & 0xfff) << 8)
        | ((minor & 0xffffff00L) << 12)
        | (minor & 0xff);
  }

  /** The major part. */
  public static int major(long device) {
    return (int) (((device >>> 32) & 0xfffff000L) | ((device >>> 8) & 0xfff));
  }

  /** The minor part. */
  public static int minor(long device) {
    return (int) (((device >>> 12) & 0xffffff00L) | (device & 0xff));
  }

  /** A new number for a file system that stands on no device: major 0. */
  public static long anonymous() {
    return of(0, NEXT_ANONYMOUS.getAndIncrement());
  }
}
