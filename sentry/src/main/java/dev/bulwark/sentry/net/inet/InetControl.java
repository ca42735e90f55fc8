package dev.bulwark.sentry.net.inet;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Ancillary data of Internet sockets on their way to the host: an allow-list with lengths. */
final class InetControl {
  private static final int HEADER = 16;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int SCM_CREDENTIALS = 2;
  private static final int SO_TIMESTAMPING = 37;
  private static final int IP = 0;
  private static final int IP_TOS = 1;
  private static final int IP_TTL = 2;
  private static final int IP_PKTINFO = 8;
  private static final int IPV6 = 41;
  private static final int IPV6_PKTINFO = 50;
  private static final int IPV6_HOPLIMIT = 52;
  private static final int IPV6_DONTFRAG = 62;
  private static final int IPV6_TCLASS = 67;
  private static final int UDP = 17;
  private static final int UDP_SEGMENT = 103;

  /** The longest that makes sense of what is listed. */
  private static final int MAXIMUM = 1024;

  private InetControl() {}

  /**
   * Builds ancillary data anew from what an application gave.
   *
   * @throws ErrnoException EINVAL for what is malformed or not on the list, ENOBUFS for too much
   */
  static byte[] checked(byte[] given) throws ErrnoException {
    if (given.length > MAXIMUM) {
      throw ErrnoException.of(Errno.ENOBUFS);
    }
    ByteBuffer from = ByteBuffer.wrap(given).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer to = ByteBuffer.allocate(given.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (given.length - at >= HEADER) {
      long size = from.getLong(at);
      if (size < HEADER || size > given.length - at) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      int level = from.getInt(at + 8);
      int type = from.getInt(at + 12);
      int length = (int) size - HEADER;
      // Linux ignores what is for Unix sockets.
      boolean ignored = level == SOL_SOCKET && (type == SCM_RIGHTS || type == SCM_CREDENTIALS);
      if (!ignored) {
        if (!admitted(level, type, length)) {
          throw ErrnoException.of(Errno.EINVAL);
        }
        to.putLong(size).putInt(level).putInt(type).put(given, at + HEADER, length);
        to.position((to.position() + 7) & ~7);
      }
      at = (int) Math.min(given.length, at + ((size + 7) & ~7L));
    }
    return Arrays.copyOf(to.array(), to.position());
  }

  private static boolean admitted(int level, int type, int length) {
    return switch (level) {
      case SOL_SOCKET -> type == SO_TIMESTAMPING && length == 4;
      case IP ->
          switch (type) {
            case IP_TOS -> length == 4 || length == 1;
            case IP_TTL -> length == 4;
            case IP_PKTINFO -> length == 12;
            default -> false;
          };
      case IPV6 ->
          switch (type) {
            case IPV6_PKTINFO -> length == 20;
            case IPV6_HOPLIMIT, IPV6_TCLASS, IPV6_DONTFRAG -> length == 4;
            default -> false;
          };
      case UDP -> type == UDP_SEGMENT && length == 2;
      default -> false;
    };
  }
}
