package dev.bulwark.sentry.fs.tmpfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;

/**
 * The mount options of tmpfs(5).
 *
 * @param bytes limit of contents
 * @param inodes limit of inodes; 0 when not given
 * @param mode permission bits of the root
 * @param uid owner of the root
 * @param gid group of the root
 */
record TmpfsOptions(long bytes, long inodes, int mode, int uid, int gid) {

  /**
   * Parses options that are separated by commas.
   *
   * @param defaultBytes the limit when no option sets one: half of the memory there is
   * @throws ErrnoException EINVAL
   */
  static TmpfsOptions parse(String options, long defaultBytes) throws ErrnoException {
    long bytes = defaultBytes;
    long inodes = 0;
    int mode = 01777;
    int uid = 0;
    int gid = 0;
    for (String option : options.split(",", -1)) {
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      String value = equals < 0 ? "" : option.substring(equals + 1);
      switch (name) {
        case "", "huge", "mpol", "inode32", "inode64", "noswap" -> {}
        case "size" ->
            bytes =
                value.endsWith("%") ? percent(value, defaultBytes) : size(value, Long.MAX_VALUE);
        case "nr_blocks" -> bytes = size(value, Long.MAX_VALUE >> 12) * Pages.SIZE;
        case "nr_inodes" -> inodes = size(value, Long.MAX_VALUE);
        case "mode" -> mode = (int) number(value, 8) & 07777;
        case "uid" -> uid = (int) number(value, 10);
        case "gid" -> gid = (int) number(value, 10);
        default -> throw ErrnoException.of(Errno.EINVAL);
      }
    }
    return new TmpfsOptions(bytes == 0 ? defaultBytes : bytes, inodes, mode, uid, gid);
  }

  private static long percent(String value, long half) throws ErrnoException {
    long percent = number(value.substring(0, value.length() - 1), 10);
    if (percent > 100) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return half / 50 * percent;
  }

  private static long size(String value, long maximum) throws ErrnoException {
    if (value.isEmpty()) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    int shift =
        switch (value.charAt(value.length() - 1) | 0x20) {
          case 'k' -> 10;
          case 'm' -> 20;
          case 'g' -> 30;
          case 't' -> 40;
          default -> 0;
        };
    long number = number(shift == 0 ? value : value.substring(0, value.length() - 1), 10);
    if (number > maximum >> shift) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return number << shift;
  }

  private static long number(String value, int radix) throws ErrnoException {
    try {
      long number = Long.parseLong(value, radix);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // answered below, as a negative number is
    }
    throw ErrnoException.of(Errno.EINVAL);
  }
}
