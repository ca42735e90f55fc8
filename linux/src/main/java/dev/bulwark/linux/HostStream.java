package dev.bulwark.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A descriptor through which bytes go in order, whether it blocks or not: a socket, a pipe, a
 * terminal or a file. One thread may read while others write; writes do not mix.
 *
 * <p>Every thread may close it. The descriptor itself is closed when the last thread has left it:
 * its number would else be another file's while somebody still reads, writes or shuts down by it.
 */
public final class HostStream implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM_CLOEXEC = 0x80001;
  private static final int POLLIN = 1;
  private static final int POLLOUT = 4;
  private static final int SHUT_RDWR = 2;
  private static final int BUFFER = 1 << 16;

  private final int fd;
  private final MemorySegment input = Arena.ofAuto().allocate(BUFFER);
  private final MemorySegment output = Arena.ofAuto().allocate(BUFFER);
  private final Object writing = new Object();
  private int users;
  private boolean closed;

  /** Works on a descriptor, which is the stream's to close if that is ever called. */
  public HostStream(int fd) {
    this.fd = fd;
  }

  /** Two stream sockets that are connected to each other. */
  public static int[] pair() throws HostException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pair = arena.allocate(JAVA_INT, 2);
      HostCall.check(
          HostCall.call(Sys.SOCKETPAIR, AF_UNIX, SOCK_STREAM_CLOEXEC, 0, pair.address()),
          "making a pair of sockets");
      return new int[] {pair.getAtIndex(JAVA_INT, 0), pair.getAtIndex(JAVA_INT, 1)};
    }
  }

  /**
   * Reads what there is, waiting for it.
   *
   * @param into filled from its beginning, at most 64 KiB
   * @return how many bytes; 0 at the end, or an errno negated: EBADF when it is closed
   */
  public int read(byte[] into) {
    if (!enter()) {
      return -Errno.EBADF;
    }
    try {
      return readOpen(into);
    } finally {
      leave();
    }
  }

  private int readOpen(byte[] into) {
    while (true) {
      long n = HostCall.call(Sys.READ, fd, input.address(), Math.min(into.length, BUFFER));
      if (n == -Errno.EAGAIN) {
        await(POLLIN);
      } else if (n != -Errno.EINTR) {
        if (n > 0) {
          MemorySegment.copy(input, JAVA_BYTE, 0, into, 0, (int) n);
        }
        return (int) n;
      }
    }
  }

  /**
   * Writes bytes, waiting for room.
   *
   * @return 0, or an errno negated: EPIPE when nobody reads any more, EBADF when it is closed
   */
  public int write(byte[] bytes, int offset, int length) {
    if (!enter()) {
      return -Errno.EBADF;
    }
    try {
      return writeOpen(bytes, offset, length);
    } finally {
      leave();
    }
  }

  private int writeOpen(byte[] bytes, int offset, int length) {
    synchronized (writing) {
      int done = 0;
      while (done < length) {
        int count = Math.min(length - done, BUFFER);
        MemorySegment.copy(bytes, offset + done, output, JAVA_BYTE, 0, count);
        long n = HostCall.call(Sys.WRITE, fd, output.address(), count);
        if (n == -Errno.EAGAIN) {
          await(POLLOUT);
        } else if (n != -Errno.EINTR) {
          if (n < 0) {
            return (int) n;
          }
          done += (int) n;
        }
      }
      return 0;
    }
  }

  /** Ends both directions of a socket, for all that use it. */
  public void shutdown() {
    if (enter()) {
      HostCall.call(Sys.SHUTDOWN, fd, SHUT_RDWR);
      leave();
    }
  }

  /**
   * Gives the descriptor up. Who waits for a socket is woken and finds its end; who waits for
   * something else keeps the descriptor until that comes.
   */
  @Override
  public void close() {
    shutdown();
    boolean last;
    synchronized (this) {
      last = !closed && users == 0;
      closed = true;
    }
    if (last) {
      HostIo.close(fd);
    }
  }

  private synchronized boolean enter() {
    if (!closed) {
      users++;
    }
    return !closed;
  }

  private void leave() {
    boolean last;
    synchronized (this) {
      last = --users == 0 && closed;
    }
    if (last) {
      HostIo.close(fd);
    }
  }

  private void await(int events) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment entry = arena.allocate(JAVA_LONG);
      entry.set(JAVA_LONG, 0, (fd & 0xffffffffL) | (long) events << 32);
      HostCall.call(Sys.POLL, entry.address(), 1, -1);
    }
  }
}
