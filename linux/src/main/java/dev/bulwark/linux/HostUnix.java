package dev.bulwark.linux;

/** Unix sockets of the host that have a name. Results are the kernel's. Thread-safe. */
public final class HostUnix {
  private static final int AF_UNIX = 1;
  private static final int SOCK_CLOEXEC = 02000000;

  /** The longest path, with its NUL. */
  private static final int MAX_PATH = 108;

  private HostUnix() {}

  /**
   * A socket that is connected to what a path leads to.
   *
   * @param type SOCK_STREAM (1), SOCK_DGRAM (2) or SOCK_SEQPACKET (5), to which SOCK_NONBLOCK may
   *     be added
   * @return a descriptor that is close-on-exec, or an errno negated
   */
  public static long connect(int type, String path) {
    if (path.length() >= MAX_PATH) {
      return -Errno.ENAMETOOLONG;
    }
    long fd = HostCall.call(Sys.SOCKET, AF_UNIX, type | SOCK_CLOEXEC, 0);
    if (fd < 0) {
      return fd;
    }
    long r;
    try (Scratch scratch = Scratch.take()) {
      NativeMemory address = scratch.struct;
      address.putShort(0, (short) AF_UNIX);
      address.putString(2, path);
      r = HostCall.call(Sys.CONNECT, fd, address.address(), 2 + path.length() + 1L);
    }
    if (r < 0) {
      HostFile.close((int) fd);
      return r;
    }
    return fd;
  }
}
