package dev.bulwark.sentry.net.netlink;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A {@code struct sockaddr_nl}. */
record NetlinkAddress(int port, int groups) {
  private static final int SIZE = 12;

  /** Reads one. EINVAL. */
  static NetlinkAddress parse(byte[] bytes) throws ErrnoException {
    if (bytes.length < SIZE) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    ByteBuffer fields = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (fields.getShort(0) != NetlinkSystem.AF_NETLINK) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return new NetlinkAddress(fields.getInt(4), fields.getInt(8));
  }

  byte[] encode() {
    return ByteBuffer.allocate(SIZE)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) NetlinkSystem.AF_NETLINK)
        .putShort((short) 0)
        .putInt(port)
        .putInt(groups)
        .array();
  }
}
