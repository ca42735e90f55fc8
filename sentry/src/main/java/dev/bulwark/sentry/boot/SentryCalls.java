package dev.bulwark.sentry.boot;

import static dev.bulwark.linux.CallRule.any;
import static dev.bulwark.linux.CallRule.has;
import static dev.bulwark.linux.CallRule.oneOf;
import static dev.bulwark.linux.CallRule.refused;
import static dev.bulwark.linux.CallRule.when;

import dev.bulwark.linux.CallRule;
import dev.bulwark.linux.Errno;
import dev.bulwark.linux.JvmCalls;
import dev.bulwark.linux.Sys;
import java.util.ArrayList;
import java.util.List;

/** The calls of the host that the Sentry may make once it is locked down. */
final class SentryCalls {
  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int AF_NETLINK = 16;
  private static final int NETLINK_ROUTE = 0;

  /** SOCK_CLOEXEC, alone and with SOCK_NONBLOCK. */
  private static final int CLOSED = 0x80000;

  private static final int NONBLOCK_CLOSED = 0x80800;
  private static final int STREAM = 1;
  private static final int DATAGRAM = 2;
  private static final int RAW = 3;
  private static final int SEQPACKET = 5;
  private static final int P_PIDFD = 3;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int AT_FDCWD = -100;
  private static final int O_CLOEXEC = 0x80000;

  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int F_ADD_SEALS = 1033;

  private static final int TCGETS = 0x5401;
  private static final int TCSETS = 0x5402;
  private static final int TCSETSW = 0x5403;
  private static final int TCSETSF = 0x5404;
  private static final int TIOCOUTQ = 0x5411;
  private static final int TIOCGWINSZ = 0x5413;
  private static final int FIONREAD = 0x541b;

  private static final List<CallRule> ALWAYS =
      List.of(
          // A JVM reads the file "release" of its JDK, for crash reports, 100 ms after its start.
          refused(Sys.OPENAT, Errno.ENOENT, oneOf(0, AT_FDCWD), oneOf(2, O_CLOEXEC)),
          // Memory of applications, files in memory and donated files.
          any(Sys.MEMFD_CREATE),
          any(Sys.FTRUNCATE),
          any(Sys.FALLOCATE),
          any(Sys.PWRITE64),
          any(Sys.FSYNC),
          any(Sys.FDATASYNC),
          any(Sys.SYNCFS),
          any(Sys.FSTATFS),
          when(Sys.STATX, has(2, AT_EMPTY_PATH)),
          when(Sys.FCNTL, oneOf(1, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC, F_ADD_SEALS)),
          // Stubs, through the zygote.
          when(Sys.SOCKETPAIR, oneOf(0, AF_UNIX), oneOf(1, SEQPACKET | CLOSED)),
          any(Sys.PIDFD_OPEN),
          any(Sys.PIDFD_SEND_SIGNAL),
          when(Sys.WAITID, oneOf(0, P_PIDFD)),
          // The Gofer, the keepers, runtime commands, terminals and pipes.
          any(Sys.SENDMSG),
          any(Sys.RECVMSG),
          any(Sys.SENDTO),
          any(Sys.RECVFROM),
          any(Sys.SHUTDOWN),
          any(Sys.ACCEPT4),
          any(Sys.GETSOCKOPT),
          any(Sys.POLL),
          any(Sys.EPOLL_CREATE1),
          any(Sys.EPOLL_CTL),
          any(Sys.EPOLL_WAIT),
          any(Sys.EVENTFD2),
          when(Sys.IOCTL, oneOf(1, TCGETS, TCSETS, TCSETSW, TCSETSF, TIOCGWINSZ, FIONREAD)));

  /** What {@code net.host} makes of sockets. The names of interfaces are asked one by one. */
  private static final List<CallRule> HOST_STACK =
      List.of(
          when(
              Sys.SOCKET,
              oneOf(0, AF_INET, AF_INET6),
              oneOf(1, STREAM | NONBLOCK_CLOSED, DATAGRAM | NONBLOCK_CLOSED)),
          when(
              Sys.SOCKET,
              oneOf(0, AF_NETLINK),
              oneOf(1, DATAGRAM | NONBLOCK_CLOSED, RAW | NONBLOCK_CLOSED),
              oneOf(2, NETLINK_ROUTE)),
          any(Sys.GETEUID),
          any(Sys.GETEGID),
          any(Sys.BIND),
          any(Sys.LISTEN),
          any(Sys.CONNECT),
          any(Sys.GETSOCKNAME),
          any(Sys.GETPEERNAME),
          any(Sys.SETSOCKOPT),
          when(Sys.IOCTL, oneOf(1, TIOCOUTQ, 0x8905, 0x8906, 0x8907, 0x894b)),
          // SIOCGIF*: what may be asked of interfaces, never set.
          when(
              Sys.IOCTL,
              oneOf(
                  1, 0x8910, 0x8912, 0x8913, 0x8915, 0x8917, 0x8919, 0x891b, 0x891d, 0x8921, 0x8927,
                  0x8933, 0x8942, 0x8970)));

  private SentryCalls() {}

  /**
   * The whole list.
   *
   * @param hostStack whether the Internet protocols are the host's
   * @param platform what the platform needs
   */
  static List<CallRule> rules(boolean hostStack, List<CallRule> platform) {
    List<CallRule> rules = new ArrayList<>(JvmCalls.RULES);
    rules.addAll(ALWAYS);
    rules.addAll(platform);
    if (hostStack) {
      rules.addAll(HOST_STACK);
    }
    return rules;
  }
}
