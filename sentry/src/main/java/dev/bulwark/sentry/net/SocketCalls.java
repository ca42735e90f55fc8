package dev.bulwark.sentry.net;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.UserMemory;
import dev.bulwark.sentry.net.inet.HostStack;
import dev.bulwark.sentry.net.unix.UnixSocket;
import dev.bulwark.sentry.net.unix.UnixSystem;
import dev.bulwark.sentry.syscall.Blocking;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.time.Timespec;
import dev.bulwark.sentry.vfs.FdTable;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import org.jspecify.annotations.Nullable;

/** Making, naming and connecting sockets: socket(2), bind(2), connect(2), accept(2). */
public final class SocketCalls {
  private static final int AF_UNIX = 1;
  private static final int AF_MAX = 46;
  private static final int TYPE_MASK = 15;
  private static final int TYPES = 11;

  /** Size of a {@code struct sockaddr_storage}, the longest address. */
  static final int MAX_ADDRESS = 128;

  private static final int CHANGES = PollEvents.ALWAYS_READY | PollEvents.RDHUP | PollEvents.WRBAND;

  private SocketCalls() {}

  /** Adds the rows. */
  public static void rows(SyscallTable.Builder table) {
    String families =
        "AF_UNIX; with a network AF_INET and AF_INET6 (TCP, UDP, ICMP) and NETLINK_ROUTE;"
            + " other families answer EAFNOSUPPORT";
    table.row(
        Sys.SOCKET,
        Support.PARTIAL,
        families,
        (t, family, type, protocol, _, _, _) ->
            socket(t, (int) family, (int) type, (int) protocol));
    table.row(
        Sys.SOCKETPAIR,
        Support.PARTIAL,
        families,
        (t, family, type, protocol, fds, _, _) ->
            socketpair(t, (int) family, (int) type, (int) protocol, fds));
    table.row(
        Sys.BIND,
        Support.FULL,
        "",
        (t, fd, address, length, _, _, _) -> bind(t, (int) fd, address, (int) length));
    table.row(
        Sys.LISTEN,
        Support.FULL,
        "",
        (t, fd, backlog, _, _, _, _) -> {
          try (Socket socket = acquire(t, (int) fd)) {
            socket.listen(t, (int) backlog);
            return 0;
          }
        });
    table.row(
        Sys.CONNECT,
        Support.FULL,
        "",
        (t, fd, address, length, _, _, _) -> connect(t, (int) fd, address, (int) length));
    table.row(
        Sys.ACCEPT,
        Support.FULL,
        "",
        (t, fd, address, length, _, _, _) -> accept(t, (int) fd, address, length, 0));
    table.row(
        Sys.ACCEPT4,
        Support.FULL,
        "",
        (t, fd, address, length, flags, _, _) -> accept(t, (int) fd, address, length, (int) flags));
    table.row(
        Sys.SHUTDOWN,
        Support.FULL,
        "",
        (t, fd, how, _, _, _, _) -> {
          try (Socket socket = acquire(t, (int) fd)) {
            socket.shutdown((int) how);
            return 0;
          }
        });
    table.row(
        Sys.GETSOCKNAME,
        Support.FULL,
        "",
        (t, fd, address, length, _, _, _) -> {
          try (Socket socket = acquire(t, (int) fd)) {
            writeAddress(t.memory(), address, length, socket.name());
            return 0;
          }
        });
    table.row(
        Sys.GETPEERNAME,
        Support.FULL,
        "",
        (t, fd, address, length, _, _, _) -> {
          try (Socket socket = acquire(t, (int) fd)) {
            writeAddress(t.memory(), address, length, socket.peerName());
            return 0;
          }
        });
    OptionCalls.rows(table);
    MessageCalls.rows(table);
  }

  /** The socket behind a descriptor, with a reference. EBADF, ENOTSOCK. */
  static Socket acquire(Task task, int fd) throws ErrnoException {
    FileDescription file = task.files().acquireOpen(fd);
    if (file instanceof Socket socket) {
      return socket;
    }
    file.close();
    throw ErrnoException.of(Errno.ENOTSOCK);
  }

  /**
   * The bytes of a {@code sockaddr}.
   *
   * @throws ErrnoException EINVAL for a length outside of 0..128, EFAULT
   */
  static byte[] readAddress(UserMemory memory, long address, int length) throws ErrnoException {
    if (length < 0 || length > MAX_ADDRESS) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return memory.readBytes(address, length);
  }

  /** Stores as much of an address as there is room for, and its whole length. EINVAL, EFAULT. */
  static void writeAddress(UserMemory memory, long address, long lengthAt, byte[] bytes)
      throws ErrnoException {
    int room = memory.getInt(lengthAt);
    if (room < 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    memory.write(address, bytes, 0, Math.min(room, bytes.length));
    memory.putInt(lengthAt, bytes.length);
  }

  /** When a call that is allowed to wait so long gives up. */
  static long deadline(long timeout) {
    return timeout == 0 ? Task.NEVER : Timespec.deadline(timeout);
  }

  /** A wait with a limit is not restarted, because it would last too long. */
  static long interrupted(long result, long timeout) {
    return result == -Errno.ERESTARTSYS && timeout != 0 ? -Errno.EINTR : result;
  }

  /** Tries until a result is not EAGAIN, waiting for the socket and perhaps another place. */
  static long until(
      Task task, Socket socket, @Nullable WaitQueue other, long timeout, Blocking.Attempt attempt)
      throws ErrnoException {
    WaitQueue own = socket.waitQueue();
    WaitQueue[] queues = other == null ? new WaitQueue[] {own} : new WaitQueue[] {own, other};
    long result = Blocking.until(task, queues, CHANGES, deadline(timeout), () -> false, attempt);
    return interrupted(result, timeout);
  }

  private static long socket(Task task, int family, int type, int protocol) throws ErrnoException {
    Socket made = make(task, family, type, protocol);
    return install(task, made, (type & OpenFlags.CLOEXEC) != 0);
  }

  private static long install(Task task, FileDescription file, boolean cloexec)
      throws ErrnoException {
    try {
      return task.files().install(file, 0, cloexec, task.process().limits().descriptors());
    } catch (ErrnoException e) {
      file.close();
      throw e;
    }
  }

  /** Checks what Linux checks before it looks for a protocol; the network's families pass. */
  private static void check(@Nullable HostStack network, int family, int given, int protocol)
      throws ErrnoException {
    int flags = given & ~TYPE_MASK;
    int type = given & TYPE_MASK;
    int errno = 0;
    if ((flags & ~(OpenFlags.CLOEXEC | OpenFlags.NONBLOCK)) != 0) {
      errno = Errno.EINVAL;
    } else if (family < 0 || family >= AF_MAX) {
      errno = Errno.EAFNOSUPPORT;
    } else if (type >= TYPES) {
      errno = Errno.EINVAL;
    } else if (family != AF_UNIX) {
      errno = network != null && HostStack.knows(family) ? 0 : Errno.EAFNOSUPPORT;
    } else if (protocol != 0 && protocol != AF_UNIX) {
      errno = Errno.EPROTONOSUPPORT;
    } else if (!UnixSystem.hasType(type)) {
      errno = Errno.ESOCKTNOSUPPORT;
    }
    if (errno != 0) {
      throw ErrnoException.of(errno);
    }
  }

  private static int unixType(int given) {
    int type = given & TYPE_MASK;
    return type == Socket.RAW ? Socket.DGRAM : type;
  }

  private static Socket make(Task task, int family, int type, int protocol) throws ErrnoException {
    HostStack network = task.kernel().network();
    check(network, family, type, protocol);
    if (network != null && family != AF_UNIX) {
      return network.create(task, family, type & TYPE_MASK, protocol, type & OpenFlags.NONBLOCK);
    }
    return task.kernel().unixSockets().create(task, unixType(type), type & OpenFlags.NONBLOCK);
  }

  private static long socketpair(Task task, int family, int type, int protocol, long address)
      throws ErrnoException {
    check(task.kernel().network(), family, type, protocol);
    if (family != AF_UNIX) {
      return -Errno.EOPNOTSUPP;
    }
    UnixSocket[] pair =
        task.kernel().unixSockets().pair(task, unixType(type), type & OpenFlags.NONBLOCK);
    boolean cloexec = (type & OpenFlags.CLOEXEC) != 0;
    FdTable files = task.files();
    long limit = task.process().limits().descriptors();
    int a = -1;
    int b = -1;
    try {
      a = files.install(pair[0], 0, cloexec, limit);
      b = files.install(pair[1], 0, cloexec, limit);
      task.memory().putInt(address, a);
      task.memory().putInt(address + 4, b);
      return 0;
    } catch (ErrnoException e) {
      (a >= 0 ? files.remove(a) : pair[0]).close();
      (b >= 0 ? files.remove(b) : pair[1]).close();
      throw e;
    }
  }

  private static long bind(Task task, int fd, long address, int length) throws ErrnoException {
    try (Socket socket = acquire(task, fd)) {
      socket.bind(task, readAddress(task.memory(), address, length));
      return 0;
    }
  }

  private static long connect(Task task, int fd, long address, int length) throws ErrnoException {
    try (Socket socket = acquire(task, fd)) {
      byte[] to = readAddress(task.memory(), address, length);
      long result = socket.connect(task, to);
      boolean begun = result == -Errno.EINPROGRESS || result == -Errno.EALREADY;
      if ((result != -Errno.EAGAIN && !begun) || socket.nonBlocking()) {
        return result;
      }
      long timeout = socket.options().sendTimeout;
      if (begun) {
        long end = until(task, socket, null, timeout, () -> connected(socket.connect(task, to)));
        return end == -Errno.EAGAIN ? result : end;
      }
      WaitQueue room = socket.otherQueue(task, to);
      return until(task, socket, room, timeout, () -> socket.connect(task, to));
    }
  }

  /** A connection that is being made is asked about by connecting again. */
  private static long connected(long result) {
    return result == -Errno.EINPROGRESS || result == -Errno.EALREADY ? -Errno.EAGAIN : result;
  }

  private static long accept(Task task, int fd, long address, long length, int flags)
      throws ErrnoException {
    if ((flags & ~(OpenFlags.CLOEXEC | OpenFlags.NONBLOCK)) != 0) {
      return -Errno.EINVAL;
    }
    try (Socket socket = acquire(task, fd)) {
      Socket[] taken = new Socket[1];
      Blocking.Attempt attempt =
          () -> {
            taken[0] = socket.accept(task, flags & OpenFlags.NONBLOCK);
            return taken[0] == null ? -Errno.EAGAIN : 0;
          };
      long timeout = socket.options().receiveTimeout;
      long result =
          socket.nonBlocking() ? attempt.run() : until(task, socket, null, timeout, attempt);
      if (result < 0) {
        return result;
      }
      Socket server = taken[0];
      try {
        if (address != 0) {
          writeAddress(task.memory(), address, length, server.acceptedFrom());
        }
      } catch (ErrnoException e) {
        server.close();
        throw e;
      }
      return install(task, server, (flags & OpenFlags.CLOEXEC) != 0);
    }
  }
}
