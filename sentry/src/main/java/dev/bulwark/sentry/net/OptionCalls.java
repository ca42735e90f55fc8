package dev.bulwark.sentry.net;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.time.Timespec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** getsockopt(2) and setsockopt(2). */
final class OptionCalls {
  private static final int SOL_SOCKET = 1;
  private static final int SO_DEBUG = 1;
  private static final int SO_REUSEADDR = 2;
  private static final int SO_TYPE = 3;
  private static final int SO_ERROR = 4;
  private static final int SO_DONTROUTE = 5;
  private static final int SO_BROADCAST = 6;
  private static final int SO_SNDBUF = 7;
  private static final int SO_RCVBUF = 8;
  private static final int SO_KEEPALIVE = 9;
  private static final int SO_OOBINLINE = 10;
  private static final int SO_PRIORITY = 12;
  private static final int SO_LINGER = 13;
  private static final int SO_REUSEPORT = 15;
  private static final int SO_PASSCRED = 16;
  private static final int SO_PEERCRED = 17;
  private static final int SO_RCVLOWAT = 18;
  private static final int SO_SNDLOWAT = 19;
  private static final int SO_RCVTIMEO = 20;
  private static final int SO_SNDTIMEO = 21;
  private static final int SO_TIMESTAMP = 29;
  private static final int SO_ACCEPTCONN = 30;
  private static final int SO_PROTOCOL = 38;
  private static final int SO_DOMAIN = 39;
  private static final int TIMEVAL = 16;

  private OptionCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.SETSOCKOPT,
        Support.PARTIAL,
        "options that concern networks are accepted without effect; unknown ones ENOPROTOOPT",
        (t, fd, level, name, value, length, _) ->
            set(t, (int) fd, (int) level, (int) name, value, (int) length));
    table.row(
        Sys.GETSOCKOPT,
        Support.PARTIAL,
        "options that concern networks show their defaults; unknown ones ENOPROTOOPT",
        (t, fd, level, name, value, length, _) ->
            get(t, (int) fd, (int) level, (int) name, value, length));
  }

  private static long set(Task task, int fd, int level, int name, long value, int length)
      throws ErrnoException {
    if (length < 0) {
      return -Errno.EINVAL;
    }
    try (Socket socket = SocketCalls.acquire(task, fd)) {
      if (level != SOL_SOCKET) {
        return -Errno.EOPNOTSUPP;
      }
      SocketOptions options = socket.options();
      if (name == SO_RCVTIMEO || name == SO_SNDTIMEO) {
        long timeout = readTimeout(task, value, length);
        if (name == SO_RCVTIMEO) {
          options.receiveTimeout = timeout;
        } else {
          options.sendTimeout = timeout;
        }
        return 0;
      }
      if (length < Integer.BYTES) {
        return -Errno.EINVAL;
      }
      int number = task.memory().getInt(value);
      switch (name) {
        case SO_PASSCRED -> options.passCredentials = number != 0;
        case SO_SNDBUF -> options.setSendBuffer(number);
        case SO_RCVBUF -> options.setReceiveBuffer(number);
        case SO_LINGER -> {
          if (length < 2 * Integer.BYTES) {
            return -Errno.EINVAL;
          }
        }
        case SO_REUSEADDR,
            SO_DONTROUTE,
            SO_BROADCAST,
            SO_KEEPALIVE,
            SO_OOBINLINE,
            SO_PRIORITY,
            SO_REUSEPORT,
            SO_RCVLOWAT,
            SO_TIMESTAMP -> {}
        case SO_DEBUG -> {
          return number == 0 ? 0 : -Errno.EACCES;
        }
        default -> {
          return -Errno.ENOPROTOOPT;
        }
      }
      return 0;
    }
  }

  private static long readTimeout(Task task, long address, int length) throws ErrnoException {
    if (length < TIMEVAL) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    long seconds = task.memory().getLong(address);
    long micros = task.memory().getLong(address + 8);
    if (micros < 0 || micros >= 1_000_000) {
      throw ErrnoException.of(Errno.EDOM);
    }
    if (seconds < 0) {
      return 1; // Linux takes a negative time as one that is over
    }
    return new Timespec(seconds, micros * 1000).toNanos();
  }

  private static long get(Task task, int fd, int level, int name, long value, long lengthAt)
      throws ErrnoException {
    try (Socket socket = SocketCalls.acquire(task, fd)) {
      int room = task.memory().getInt(lengthAt);
      if (room < 0) {
        return -Errno.EINVAL;
      }
      if (level != SOL_SOCKET) {
        return -Errno.EOPNOTSUPP;
      }
      byte[] found = value(socket, name);
      if (found == null) {
        return -Errno.ENOPROTOOPT;
      }
      int length = Math.min(room, found.length);
      task.memory().write(value, found, 0, length);
      task.memory().putInt(lengthAt, length);
      return 0;
    }
  }

  private static byte @Nullable [] value(Socket socket, int name) {
    SocketOptions options = socket.options();
    return switch (name) {
      case SO_TYPE -> number(socket.type());
      case SO_ERROR -> number(socket.takeError());
      case SO_DOMAIN -> number(socket.domain());
      case SO_ACCEPTCONN -> number(socket.listening() ? 1 : 0);
      case SO_PASSCRED -> number(options.passCredentials() ? 1 : 0);
      case SO_SNDBUF -> number(options.sendBuffer());
      case SO_RCVBUF -> number(options.receiveBuffer());
      case SO_RCVLOWAT, SO_SNDLOWAT -> number(1);
      case SO_RCVTIMEO -> timeval(options.receiveTimeout);
      case SO_SNDTIMEO -> timeval(options.sendTimeout);
      case SO_PEERCRED -> credentials(socket.peerCredentials());
      case SO_LINGER -> new byte[2 * Integer.BYTES];
      case SO_DEBUG,
          SO_REUSEADDR,
          SO_DONTROUTE,
          SO_BROADCAST,
          SO_KEEPALIVE,
          SO_OOBINLINE,
          SO_PRIORITY,
          SO_REUSEPORT,
          SO_TIMESTAMP,
          SO_PROTOCOL ->
          number(0);
      default -> null;
    };
  }

  private static byte[] number(int value) {
    return buffer(Integer.BYTES).putInt(value).array();
  }

  private static byte[] timeval(long nanos) {
    return buffer(TIMEVAL)
        .putLong(nanos / Timespec.SECOND)
        .putLong(nanos % Timespec.SECOND / 1000)
        .array();
  }

  private static byte[] credentials(PeerCredentials peer) {
    return buffer(PeerCredentials.SIZE)
        .putInt(peer.pid())
        .putInt(peer.uid())
        .putInt(peer.gid())
        .array();
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
