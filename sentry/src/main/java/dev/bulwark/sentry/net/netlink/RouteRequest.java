package dev.bulwark.sentry.net.netlink;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides on a request of rtnetlink(7), and builds it anew for the host. */
final class RouteRequest {
  /** Size of a {@code struct nlmsghdr}. */
  static final int HEADER = 16;

  /** NLM_F_REQUEST. */
  static final int REQUEST = 1;

  /** NLM_F_ACK. */
  static final int ACK = 4;

  /** NLMSG_NOOP. */
  private static final int NOOP = 1;

  private static final int DUMP = 0x300;
  private static final int FIRST_TYPE = 16;
  private static final int LAST_TYPE = 123;
  private static final int KIND_MASK = 3;
  private static final int KIND_GET = 2;
  private static final int ATTRIBUTE = 4;
  private static final int NESTED = 0x8000;

  /**
   * What may be asked for.
   *
   * @param fixed bytes of the fixed part; a dump may give the family alone
   * @param attributes the longest value of each attribute, by number
   */
  private record Kind(int fixed, Map<Integer, Integer> attributes) {}

  /** Lines of a type, the size of the fixed part, and attributes with their longest values. */
  private static final String KINDS =
      """
      18 16 3:16 10:4 29:4 53:128
      22 8 1:16 2:16
      26 12 1:16 2:16 3:4 4:4 15:4 16:4 25:4 27:1 28:2 29:2
      30 12 1:16 8:4 9:4
      34 12
      66 4
      """;

  private static final Map<Integer, Kind> BY_TYPE = new HashMap<>();

  static {
    for (String line : KINDS.lines().toList()) {
      String[] words = line.split(" ", -1);
      Map<Integer, Integer> attributes = new HashMap<>();
      for (int i = 2; i < words.length; i++) {
        String[] pair = words[i].split(":", -1);
        attributes.put(Integer.parseInt(pair[0]), Integer.parseInt(pair[1]));
      }
      BY_TYPE.put(Integer.parseInt(words[0]), new Kind(Integer.parseInt(words[1]), attributes));
    }
  }

  private RouteRequest() {}

  /**
   * Builds a request for the host.
   *
   * @param message header and all, whose length has been checked
   * @param admin whether the sender has CAP_NET_ADMIN
   * @return the message, or null when there is nothing to do
   * @throws ErrnoException with which to answer: EPERM, EOPNOTSUPP, EINVAL
   */
  static byte @Nullable [] build(byte[] message, boolean admin) throws ErrnoException {
    ByteBuffer from = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    int type = from.getShort(4) & 0xffff;
    if (type < FIRST_TYPE) {
      return null;
    }
    if (type > LAST_TYPE) {
      throw ErrnoException.of(Errno.EOPNOTSUPP);
    }
    if ((type & KIND_MASK) != KIND_GET) {
      throw ErrnoException.of(admin ? Errno.EOPNOTSUPP : Errno.EPERM);
    }
    if (message.length == HEADER) {
      return null; // as Linux, which wants a family at least
    }
    Kind kind = BY_TYPE.get(type);
    int family = message[HEADER] & 0xff;
    if (kind == null || !admitted(family)) {
      throw ErrnoException.of(Errno.EOPNOTSUPP);
    }
    int flags = from.getShort(6) & (REQUEST | ACK | DUMP);
    ByteBuffer to = ByteBuffer.allocate(message.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(0).putShort((short) type).putShort((short) flags);
    to.putInt(from.getInt(8)).putInt(from.getInt(12));
    int fixed = Math.min(kind.fixed, message.length - HEADER);
    if (fixed < kind.fixed) {
      // Old programs give no more than the family, and some padding, for a dump.
      if ((flags & DUMP) != DUMP) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      to.put(message, HEADER, 1).put(new byte[3]);
    } else {
      to.put(message, HEADER, fixed);
      attributes(from, HEADER + fixed, kind, to);
    }
    int length = to.position();
    to.putInt(0, length);
    return Arrays.copyOf(to.array(), length);
  }

  /** AF_UNSPEC, AF_INET, AF_INET6, and AF_PACKET, under which links are asked for. */
  private static boolean admitted(int family) {
    return family == 0 || family == 2 || family == 10 || family == 17;
  }

  private static void attributes(ByteBuffer from, int start, Kind kind, ByteBuffer to)
      throws ErrnoException {
    int at = start;
    while (from.limit() - at >= ATTRIBUTE) {
      int length = from.getShort(at) & 0xffff;
      int type = from.getShort(at + 2) & 0xffff;
      Integer longest = kind.attributes.get(type & ~NESTED);
      boolean wrong = length < ATTRIBUTE || length > from.limit() - at || (type & NESTED) != 0;
      if (wrong || longest == null || length - ATTRIBUTE > longest) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      to.putShort((short) length).putShort((short) type);
      to.put(from.duplicate().position(at + ATTRIBUTE).limit(at + length));
      int padded = (length + 3) & ~3;
      to.put(new byte[padded - length]);
      at = Math.min(from.limit(), at + padded);
    }
  }

  /**
   * A request that does nothing but be acknowledged by the host.
   *
   * @param number comes back in the acknowledgement
   */
  static byte[] marker(int number) {
    return ByteBuffer.allocate(HEADER)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(HEADER)
        .putShort((short) NOOP)
        .putShort((short) (REQUEST | ACK))
        .putInt(0)
        .putInt(number)
        .array();
  }

  /** The number of the marker that a datagram acknowledges, or null for other datagrams. */
  static @Nullable Integer markerOf(byte[] datagram) {
    int error = 2;
    int echo = HEADER + 4;
    if (datagram.length < echo + HEADER) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(datagram).order(ByteOrder.LITTLE_ENDIAN);
    boolean ours = bytes.getShort(4) == error && bytes.getShort(echo + 4) == NOOP;
    return ours ? bytes.getInt(echo + 12) : null;
  }

  /**
   * A message of NLMSG_ERROR about a request.
   *
   * @param errno 0 for an acknowledgement
   * @param port of the socket that is answered
   * @param capped whether the request's contents are left out (NETLINK_CAP_ACK)
   */
  static byte[] answer(byte[] request, int errno, int port, boolean capped) {
    int error = 2;
    int cappedFlag = 0x100;
    boolean brief = errno == 0 || capped;
    int echoed = brief ? HEADER : request.length;
    int length = HEADER + 4 + echoed;
    ByteBuffer to = ByteBuffer.allocate((length + 3) & ~3).order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(length).putShort((short) error).putShort((short) (brief ? cappedFlag : 0));
    to.put(request, 8, 4).putInt(port).putInt(-errno).put(request, 0, echoed);
    return to.array();
  }
}
