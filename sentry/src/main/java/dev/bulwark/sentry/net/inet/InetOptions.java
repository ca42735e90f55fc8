package dev.bulwark.sentry.net.inet;

import dev.bulwark.sentry.net.host.OptionRules;

/**
 * The options of Internet sockets that reach the host. None of them has a pointer in its value.
 * Capabilities: 12 is CAP_NET_ADMIN, 13 CAP_NET_RAW.
 */
final class InetOptions {
  /** SOL_SOCKET. */
  static final int SOCKET = 1;

  /** SO_DEBUG. */
  static final int DEBUG = 1;

  /** SO_PRIORITY. */
  static final int PRIORITY = 12;

  /** SO_LINGER. */
  static final int LINGER = 13;

  /** IPPROTO_TCP. */
  static final int TCP = 6;

  /** TCP_CONGESTION. */
  static final int CONGESTION = 13;

  /**
   * In the order of lines: SOL_SOCKET, IPPROTO_IP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_IPV6,
   * IPPROTO_ICMPV6 (a filter), SOL_RAW (a filter).
   */
  static final OptionRules RULES =
      new OptionRules(
          """
          1 1:4:4 2:4:4 3:0:4 4:0:4 5:4:4 6:4:4 7:4:4 8:4:4 9:4:4 10:4:4 11:4:4 12:4:4 13:8:8 14:4:4 15:4:4 16:4:4 17:0:12 18:4:4 19:0:4 25:16:16 29:4:4 30:0:4 32:4:0:12 33:4:0:12 35:4:4 36:4:4:12+13 37:8:8 38:0:4 39:0:4 40:4:4 42:4:4 45:4:4 49:4:4 55:0:36 56:0:4 57:0:8 63:4:4 64:4:4 65:8:8
          0 1:4:4 2:4:4 6:4:4 7:4:4 8:4:4 10:4:4 11:4:4 12:4:4 13:4:4 14:0:4 15:4:4 19:4:4:12+13 20:4:4 21:4:4 23:4:4 24:4:4 25:4:4 26:4:4 32:12:8 33:4:4 34:4:4 35:12:0 36:12:0 37:12:0 38:12:0 39:12:0 40:12:0 42:136:0 43:264:0 44:264:0 45:136:0 46:264:0 47:264:0 49:4:4 50:4:4 51:4:4
          6 1:4:4 2:4:4 3:4:4 4:4:4 5:4:4 6:4:4 7:4:4 8:4:4 9:4:4 10:4:4 11:0:512 12:4:4 13:16:16 16:4:4 18:4:4 23:4:4 24:4:4 25:4:4 30:4:4 34:4:4 36:4:4 37:4:4
          17 1:4:4 101:4:4 102:4:4 103:4:4 104:4:4
          41 2:4:4 7:4:4 8:4:4 16:4:4 17:4:4 18:4:4 19:4:4 20:20:0 21:20:0 23:4:4 24:0:4 25:4:4 26:4:4 29:4:4 31:4:4 42:136:0 43:264:0 44:264:0 45:136:0 46:264:0 47:264:0 49:4:4 50:20:20 51:4:4 52:4:4 60:4:4 61:0:32 62:4:4 66:4:4 67:4:4 70:4:4 72:4:4 73:4:4 74:4:4 75:4:4:12+13 76:4:4 78:4:4
          58 1:32:32
          255 1:4:4 7:4:4
          """);

  private InetOptions() {}
}
