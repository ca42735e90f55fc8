package dev.bulwark.linux;

import org.jspecify.annotations.Nullable;

/**
 * Socket calls of the host on sockets that never block. What goes to the host is copied first, so
 * that its lengths are ours; results are the kernel's, with an errno negated. Thread-safe.
 */
public final class HostSocket {
  /** The longest address, a {@code struct sockaddr_storage}. */
  public static final int MAX_ADDRESS = 128;

  /** The longest value of an option, and the longest structure of an ioctl(2). */
  public static final int MAX_VALUE = 1024;

  private static final int SOCK_NONBLOCK_CLOEXEC = 04000 | 02000000;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;

  /** Where lengths lie in the scratch data; addresses and values are before it. */
  private static final int LENGTH_AT = 4096;

  private HostSocket() {}

  /** socket(2): a descriptor that neither blocks nor survives execve(2). */
  public static long open(int family, int type, int protocol) {
    return HostCall.call(Sys.SOCKET, family, type | SOCK_NONBLOCK_CLOEXEC, protocol);
  }

  /** bind(2); an address of at most {@link #MAX_ADDRESS} bytes. */
  public static long bind(int fd, byte[] address) {
    return withAddress(Sys.BIND, fd, address);
  }

  /** connect(2): EINPROGRESS negated when it takes time. */
  public static long connect(int fd, byte[] address) {
    return withAddress(Sys.CONNECT, fd, address);
  }

  private static long withAddress(int call, int fd, byte[] address) {
    try (Scratch scratch = Scratch.take()) {
      int length = Math.min(address.length, MAX_ADDRESS);
      scratch.data.put(0, address, 0, length);
      return HostCall.call(call, fd, scratch.data.address(), length);
    }
  }

  /** listen(2). */
  public static long listen(int fd, int backlog) {
    return HostCall.call(Sys.LISTEN, fd, backlog);
  }

  /** shutdown(2). */
  public static long shutdown(int fd, int how) {
    return HostCall.call(Sys.SHUTDOWN, fd, how);
  }

  /** What accept(2) gave: a descriptor or an errno negated, and the peer's address. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  public record Accepted(long fd, byte[] address) {}

  /** accept4(2): a descriptor that neither blocks nor survives execve(2). */
  public static Accepted accept(int fd) {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory data = scratch.data;
      data.putInt(LENGTH_AT, MAX_ADDRESS);
      long made =
          HostCall.call(
              Sys.ACCEPT4, fd, data.address(), data.address() + LENGTH_AT, SOCK_NONBLOCK_CLOEXEC);
      return new Accepted(made, made < 0 ? new byte[0] : bytes(data, data.getInt(LENGTH_AT)));
    }
  }

  /** getsockname(2), or getpeername(2). ENOTCONN and others. */
  public static byte[] name(int fd, boolean peer) throws HostException {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory data = scratch.data;
      data.putInt(LENGTH_AT, MAX_ADDRESS);
      int call = peer ? Sys.GETPEERNAME : Sys.GETSOCKNAME;
      HostCall.check(
          HostCall.call(call, fd, data.address(), data.address() + LENGTH_AT), "name of a socket");
      return bytes(data, data.getInt(LENGTH_AT));
    }
  }

  private static byte[] bytes(NativeMemory data, int length) {
    return data.get(0, Math.clamp(length, 0, MAX_ADDRESS));
  }

  /**
   * setsockopt(2).
   *
   * @param length how many of the bytes are the value; at most {@link #MAX_VALUE}
   */
  public static long setOption(int fd, int level, int name, byte[] value, int length) {
    try (Scratch scratch = Scratch.take()) {
      int used = Math.min(Math.min(length, value.length), MAX_VALUE);
      scratch.data.put(0, value, 0, used);
      return HostCall.call(Sys.SETSOCKOPT, fd, level, name, scratch.data.address(), used);
    }
  }

  /**
   * getsockopt(2).
   *
   * @param value given to the host first, and then what it says
   * @return how many bytes of the value are valid, or an errno negated
   */
  public static long getOption(int fd, int level, int name, byte[] value) {
    try (Scratch scratch = Scratch.take()) {
      int room = Math.min(value.length, MAX_VALUE);
      NativeMemory data = scratch.data;
      data.put(0, value, 0, room);
      data.putInt(LENGTH_AT, room);
      long r =
          HostCall.call(
              Sys.GETSOCKOPT, fd, level, name, data.address(), data.address() + LENGTH_AT);
      if (r < 0) {
        return r;
      }
      int length = Math.clamp(data.getInt(LENGTH_AT), 0, room);
      data.get(0, value, 0, length);
      return length;
    }
  }

  /**
   * ioctl(2) with a structure that holds no pointers.
   *
   * @param structure given to the host, which changes it; at most {@link #MAX_VALUE} bytes
   */
  public static long control(int fd, int request, byte[] structure) {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory data = scratch.data;
      data.put(0, structure, 0, structure.length);
      long r = HostCall.call(Sys.IOCTL, fd, request, data.address());
      data.get(0, structure, 0, structure.length);
      return r;
    }
  }

  /**
   * SIOCGIFCONF: the interfaces that have IPv4 addresses, as {@code struct ifreq}.
   *
   * @return their bytes, or null when the host refuses
   */
  public static byte @Nullable [] interfaces(int fd) {
    int request = 0x8912;
    int header = 16;
    try (Scratch scratch = Scratch.take()) {
      NativeMemory data = scratch.data;
      int room = Scratch.DATA - header;
      data.putInt(0, room);
      data.putLong(8, data.address() + header);
      if (HostCall.call(Sys.IOCTL, fd, request, data.address()) < 0) {
        return null;
      }
      int length = Math.clamp(data.getInt(0), 0, room);
      return data.get(header, length);
    }
  }

  /**
   * recvfrom(2) into native memory.
   *
   * @param flags MSG_DONTWAIT is added
   */
  public static long receive(int fd, long address, long length, int flags) {
    return HostCall.call(Sys.RECVFROM, fd, address, length, flags | MSG_DONTWAIT, 0, 0);
  }

  /**
   * sendto(2) from native memory.
   *
   * @param flags MSG_DONTWAIT and MSG_NOSIGNAL are added
   */
  public static long send(int fd, long address, long length, int flags) {
    return HostCall.call(
        Sys.SENDTO, fd, address, length, flags | MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0);
  }

  /**
   * Receives a whole message into an array, however long it is.
   *
   * @param limit the longest that is accepted
   * @param peek whether it stays in the queue
   * @throws HostException EAGAIN and others; EMSGSIZE for one beyond the limit, which is dropped
   */
  public static byte[] receiveWhole(int fd, int limit, boolean peek) throws HostException {
    int peeks = 0x2;
    int truncates = 0x20;
    String what = "receiving from a socket";
    try (Scratch scratch = Scratch.take()) {
      long address = scratch.data.address();
      long length = HostCall.check(receive(fd, address, 0, peeks | truncates), what);
      if (length > Math.min(limit, Scratch.DATA)) {
        receive(fd, address, 0, 0);
        throw new HostException(what, Errno.EMSGSIZE);
      }
      long n = HostCall.check(receive(fd, address, length, peek ? peeks : 0), what);
      return scratch.data.get(0, (int) n);
    }
  }

  /** Sends bytes that lie in an array. */
  public static long sendWhole(int fd, byte[] message) {
    try (Scratch scratch = Scratch.take()) {
      int length = Math.min(message.length, Scratch.DATA);
      scratch.data.put(0, message, 0, length);
      return send(fd, scratch.data.address(), length, 0);
    }
  }

  /**
   * The events that hold for a descriptor now, of poll(2).
   *
   * @param asked which to look for; errors and hang-ups are always included
   */
  public static int poll(int fd, int asked) {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory entry = scratch.struct;
      entry.putInt(0, fd);
      entry.putInt(4, asked & 0xffff);
      long r = HostCall.call(Sys.POLL, entry.address(), 1, 0);
      return r <= 0 ? 0 : entry.getShort(6) & 0xffff;
    }
  }
}
