package dev.bulwark.linux;

/** Named Unix sockets of type SOCK_SEQPACKET, over which processes of the runtime meet. */
public final class LocalSocket {
  private static final int AF_UNIX = 1;
  private static final int SOCK_SEQPACKET_CLOEXEC = 0x80005;
  private static final int SOCK_STREAM_CLOEXEC = 0x80001;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int PATH_AT = 2;
  private static final int ADDRESS_BYTES = 110;
  private static final int BACKLOG = 64;
  private static final int OWNER_ONLY = 0600;
  private static final int ECONNABORTED = 103;

  private LocalSocket() {}

  /**
   * Makes a listening socket with a name, to which only its owner can connect: the host checks that
   * by the mode of the file, for a process in a user namespace cannot tell who connects to it.
   *
   * @param path at most 107 bytes, a byte string
   * @throws HostException EADDRINUSE when the name exists, ENAMETOOLONG
   */
  public static int listen(String path) throws HostException {
    int fd = socket(SOCK_SEQPACKET_CLOEXEC);
    try (Scratch scratch = Scratch.take()) {
      HostCall.check(
          HostCall.call(Sys.BIND, fd, address(scratch, path).address(), length(path)),
          "making the socket " + path);
      HostCall.check(
          HostPath.chmodAt(HostPath.AT_FDCWD, path, OWNER_ONLY), "protecting the socket " + path);
      HostCall.check(HostCall.call(Sys.LISTEN, fd, BACKLOG), "listening on " + path);
      return fd;
    } catch (HostException failure) {
      HostFile.close(fd);
      throw failure;
    }
  }

  /**
   * Connects to a socket that {@link #listen} made.
   *
   * @throws HostException ENOENT, or ECONNREFUSED when nobody listens any more
   */
  public static int connect(String path) throws HostException {
    return connect(SOCK_SEQPACKET_CLOEXEC, path);
  }

  /** Connects to a named stream socket. */
  public static int connectStream(String path) throws HostException {
    return connect(SOCK_STREAM_CLOEXEC, path);
  }

  private static int connect(int type, String path) throws HostException {
    int fd = socket(type);
    try (Scratch scratch = Scratch.take()) {
      HostCall.check(
          HostCall.call(Sys.CONNECT, fd, address(scratch, path).address(), length(path)),
          "connecting to " + path);
      return fd;
    } catch (HostException failure) {
      HostFile.close(fd);
      throw failure;
    }
  }

  /** Waits for a connection; gives its descriptor, or an errno negated. */
  public static int accept(int listener) {
    long fd;
    do {
      fd = HostCall.call(Sys.ACCEPT4, listener, 0, 0, SOCK_CLOEXEC);
    } while (fd == -Errno.EINTR || fd == -ECONNABORTED);
    return (int) fd;
  }

  private static int socket(int type) throws HostException {
    return (int) HostCall.check(HostCall.call(Sys.SOCKET, AF_UNIX, type, 0), "making a socket");
  }

  private static NativeMemory address(Scratch scratch, String path) throws HostException {
    if (path.length() >= ADDRESS_BYTES - PATH_AT) {
      throw new HostException("the socket's name " + path, Errno.ENAMETOOLONG);
    }
    NativeMemory address = scratch.struct;
    address.putShort(0, (short) AF_UNIX);
    address.putString(PATH_AT, path);
    return address;
  }

  private static int length(String path) {
    return PATH_AT + path.length() + 1;
  }
}
