package dev.bulwark.sentry.net.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Checks what the host answered, and puts the application's port number in place of ours. */
final class RouteReply {
  private static final int PORT = 12;

  private RouteReply() {}

  /**
   * Renumbers the messages of a datagram in place.
   *
   * @param hostPort by which the host knows the socket
   * @param port by which the application does
   * @return false when the datagram is not one of messages, and nobody should see it
   */
  static boolean renumber(byte[] datagram, int hostPort, int port) {
    ByteBuffer bytes = ByteBuffer.wrap(datagram).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (at < datagram.length) {
      if (datagram.length - at < RouteRequest.HEADER) {
        return false;
      }
      int length = bytes.getInt(at);
      if (length < RouteRequest.HEADER || length > datagram.length - at) {
        return false;
      }
      if (bytes.getInt(at + PORT) == hostPort) {
        bytes.putInt(at + PORT, port);
      }
      at += Math.min(datagram.length - at, (length + 3) & ~3);
    }
    return true;
  }
}
