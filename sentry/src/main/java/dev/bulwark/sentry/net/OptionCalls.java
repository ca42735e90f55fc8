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
  private static final int SO_RCVTIMEO_NEW = 66;
  private static final int SO_SNDTIMEO_NEW = 67;
  private static final int TIMEVAL = 16;

  private OptionCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.SETSOCKOPT,
        Support.PARTIAL,
        "an allow-list, others ENOPROTOOPT; Unix sockets take those of networks without effect",
        (t, fd, level, name, value, length, _) ->
            set(t, (int) fd, (int) level, (int) name, value, (int) length));
    table.row(
        Sys.GETSOCKOPT,
        Support.PARTIAL,
        "an allow-list, others ENOPROTOOPT; Unix sockets take those of networks without effect",
        (t, fd, level, name, value, length, _) ->
            get(t, (int) fd, (int) level, (int) name, value, length));
  }

  private static long set(Task task, int fd, int level, int name, long value, int length)
      throws ErrnoException {
    if (length < 0) {
      return -Errno.EINVAL;
    }
    try (Socket socket = SocketCalls.acquire(task, fd)) {
      if (level == SOL_SOCKET && timeout(name)) {
        setTimeout(socket.options(), name, readTimeout(task, value, length));
        return 0;
      }
      if (socket instanceof OwnOptions own) {
        return own.setOption(task, level, name, value, length);
      }
      if (level != SOL_SOCKET) {
        return -Errno.EOPNOTSUPP;
      }
      SocketOptions options = socket.options();
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

  private static boolean timeout(int name) {
    return switch (name) {
      case SO_RCVTIMEO, SO_SNDTIMEO, SO_RCVTIMEO_NEW, SO_SNDTIMEO_NEW -> true;
      default -> false;
    };
  }

  private static void setTimeout(SocketOptions options, int name, long nanos) {
    if (name == SO_RCVTIMEO || name == SO_RCVTIMEO_NEW) {
      options.receiveTimeout = nanos;
    } else {
      options.sendTimeout = nanos;
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
      byte[] found;
      if (socket instanceof OwnOptions own && !(level == SOL_SOCKET && timeout(name))) {
        found = own.option(task, level, name, room);
      } else if (level != SOL_SOCKET) {
        return -Errno.EOPNOTSUPP;
      } else {
        found = value(socket, name);
      }
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
      case SO_RCVTIMEO, SO_RCVTIMEO_NEW -> timeval(options.receiveTimeout);
      case SO_SNDTIMEO, SO_SNDTIMEO_NEW -> timeval(options.sendTimeout);
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
