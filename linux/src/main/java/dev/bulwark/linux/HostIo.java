package dev.bulwark.linux;

import java.nio.charset.StandardCharsets;

/**
 * Host descriptors used as simply as the start and the end of a sandbox need them. Not for data
 * paths: every call copies. Thread-safe.
 */
public final class HostIo {
  private static final int AF_UNIX = 1;
  private static final int SOCK_SEQPACKET = 5;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MFD_CLOEXEC = 1;
  private static final int MSG_NOSIGNAL = 0x4000;

  private HostIo() {}

  /**
   * Opens a path.
   *
   * @param path a byte string
   * @param flags of open(2); O_CLOEXEC is added
   * @param mode for a file that is created
   * @return the descriptor
   */
  public static int open(String path, int flags, int mode) throws HostException {
    int atCurrentDirectory = -100;
    int cloexec = 0x80000;
    NativeMemory name = NativeMemory.string(path);
    long fd = HostCall.call(Sys.OPENAT, atCurrentDirectory, name.address(), flags | cloexec, mode);
    name.keep();
    return (int) HostCall.check(fd, "opening " + path);
  }

  /**
   * Where a symbolic link points.
   *
   * @param path a byte string
   * @return a byte string
   */
  public static String readLink(String path) throws HostException {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory target = scratch.data;
      long length =
          HostCall.call(Sys.READLINK, scratch.name(path), target.address(), target.size());
      return target.getString(0, (int) HostCall.check(length, "reading link " + path));
    }
  }

  /** Two connected sockets that keep the bounds of messages (SOCK_SEQPACKET). */
  public static int[] socketPair() throws HostException {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory pair = scratch.struct;
      HostCall.check(
          HostCall.call(Sys.SOCKETPAIR, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair.address()),
          "making a pair of sockets");
      return new int[] {pair.getInt(0), pair.getInt(4)};
    }
  }

  /**
   * A pipe: the end to read, the end to write.
   *
   * @throws HostException when there are too many descriptors
   */
  public static int[] pipe() throws HostException {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory ends = scratch.struct;
      HostCall.check(HostCall.call(Sys.PIPE2, ends.address(), HostPath.O_CLOEXEC), "making a pipe");
      return new int[] {ends.getInt(0), ends.getInt(4)};
    }
  }

  /** A memory file that holds the bytes, read from its start. */
  public static int memoryFile(String name, byte[] contents) throws HostException {
    int fd;
    try (Scratch scratch = Scratch.take()) {
      fd =
          (int)
              HostCall.check(
                  HostCall.call(Sys.MEMFD_CREATE, scratch.name(name), MFD_CLOEXEC),
                  "making the memory file " + name);
    }
    writeFully(fd, contents);
    HostCall.call(Sys.LSEEK, fd, 0, 0);
    return fd;
  }

  /**
   * Writes all bytes, waiting as long as that takes.
   *
   * @throws HostException when the descriptor takes no more
   */
  public static void writeFully(int fd, byte[] bytes) throws HostException {
    try (Scratch scratch = Scratch.take()) {
      for (int done = 0; done < bytes.length; ) {
        int part = Math.min(bytes.length - done, Scratch.DATA);
        scratch.data.put(0, bytes, done, part);
        long n = HostCall.call(Sys.WRITE, fd, scratch.data.address(), part);
        if (n != -Errno.EINTR) {
          done += (int) HostCall.check(n, "writing to descriptor " + fd);
        }
      }
    }
  }

  /**
   * The contents of a small file; of what is none, such as a pipe, it does not wait for any.
   *
   * @param limit the most bytes that are accepted
   * @throws HostException ENOENT, EFBIG when the file is longer, ESPIPE when it is a pipe
   */
  public static byte[] contents(String path, int limit) throws HostException {
    int fd = open(path, HostPath.O_CLOEXEC | HostPath.O_NONBLOCK | HostPath.O_NOCTTY, 0);
    try {
      return readFile(fd, limit);
    } finally {
      close(fd);
    }
  }

  /** {@link #contents} as a byte string. */
  public static String text(String path, int limit) throws HostException {
    return new String(contents(path, limit), StandardCharsets.ISO_8859_1);
  }

  /**
   * Reads a file from its start to its end, whatever its position is.
   *
   * @param limit the most bytes that are accepted
   * @throws HostException EFBIG when the file is longer
   */
  public static byte[] readFile(int fd, int limit) throws HostException {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory chunk = scratch.data;
      byte[] all = new byte[0];
      while (true) {
        long n = HostCall.call(Sys.PREAD64, fd, chunk.address(), chunk.size(), all.length);
        if (n == -Errno.EINTR) {
          continue;
        }
        HostCall.check(n, "reading descriptor " + fd);
        if (n == 0) {
          return all;
        }
        if (all.length + n > limit) {
          throw new HostException("reading descriptor " + fd, Errno.EFBIG);
        }
        int old = all.length;
        all = java.util.Arrays.copyOf(all, old + (int) n);
        chunk.get(0, all, old, (int) n);
      }
    }
  }

  /**
   * Receives one message, or the next bytes of a stream.
   *
   * @return its length, 0 when the other end is closed, or an errno negated; never EINTR
   */
  public static int receive(int fd, byte[] into) {
    NativeMemory buffer = NativeMemory.allocate(into.length);
    long n;
    do {
      n = HostCall.call(Sys.READ, fd, buffer.address(), into.length);
    } while (n == -Errno.EINTR);
    if (n > 0) {
      buffer.get(0, into, 0, (int) n);
    }
    buffer.keep();
    return (int) n;
  }

  /**
   * Sends one message on a socket.
   *
   * @return 0, or an errno negated: EPIPE when the other end is closed
   */
  public static int send(int fd, byte[] message) {
    NativeMemory copy = NativeMemory.allocate(message.length);
    copy.put(0, message, 0, message.length);
    long n;
    do {
      n = HostCall.call(Sys.SENDTO, fd, copy.address(), message.length, MSG_NOSIGNAL, 0, 0);
    } while (n == -Errno.EINTR);
    copy.keep();
    return n < 0 ? (int) n : 0;
  }

  /** Closes a descriptor. */
  public static void close(int fd) {
    HostCall.call(Sys.CLOSE, fd);
  }
}
