package dev.bulwark.linux;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One end of a connection that carries whole messages and open descriptors: a Unix socket of type
 * SOCK_SEQPACKET. Thread-safe: several threads may send and receive at once, each with a {@link
 * Frame} of its own, and {@link #close} ends their calls. The descriptor itself is closed when the
 * last call has returned, so no call ever works on a number that means something else by then.
 */
public final class MessageSocket implements AutoCloseable {
  static final int MSG_CTRUNC = 8;

  private static final int MSG_TRUNC = 0x20;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;
  private static final int AF_UNIX = 1;
  private static final int SOCK_SEQPACKET = 5;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SHUT_RDWR = 2;

  /** Added to the number of users when the socket is closed. */
  private static final int CLOSED = 1 << 30;

  private final int fd;
  private final AtomicInteger users = new AtomicInteger();

  /**
   * Takes a descriptor over.
   *
   * @param fd a connected socket, closed with this object
   */
  public MessageSocket(int fd) {
    this.fd = fd;
  }

  /** Two sockets that are connected to each other. */
  public static MessageSocket[] pair() throws HostException {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory fds = scratch.struct;
      HostCall.check(
          HostCall.call(Sys.SOCKETPAIR, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds.address()),
          "making a pair of sockets");
      return new MessageSocket[] {
        new MessageSocket(fds.getInt(0)), new MessageSocket(fds.getInt(4))
      };
    }
  }

  /** The descriptor, owned by this object. */
  public int fd() {
    return fd;
  }

  /**
   * Sends a message, waiting for room.
   *
   * @return 0, or an errno negated: EPIPE when the other end is gone or this one is closed,
   *     EMSGSIZE when it is too long for the socket
   */
  public long send(Frame frame) {
    if (!use()) {
      return -Errno.EPIPE;
    }
    try {
      frame.prepareToSend();
      long n;
      do {
        n = HostCall.call(Sys.SENDMSG, fd, frame.address(), MSG_NOSIGNAL);
      } while (n == -Errno.EINTR);
      frame.keep();
      return Math.min(n, 0);
    } finally {
      unuse();
    }
  }

  /**
   * Receives a message, waiting for one. Descriptors that come with it are close-on-exec and the
   * caller's to close.
   *
   * @return its length; 0 when the other end is gone or this one is closed; or an errno negated:
   *     EMSGSIZE when the message did not fit the frame, which is lost then
   */
  public long receive(Frame frame) {
    if (!use()) {
      return 0;
    }
    try {
      long n;
      do {
        frame.prepareToReceive();
        n = HostCall.call(Sys.RECVMSG, fd, frame.address(), MSG_CMSG_CLOEXEC);
      } while (n == -Errno.EINTR);
      if (n == -Errno.ECONNRESET) {
        return 0;
      }
      if (n > 0 && (frame.received((int) n) & MSG_TRUNC) != 0) {
        frame.closeDescriptors();
        return -Errno.EMSGSIZE;
      }
      return n;
    } finally {
      unuse();
    }
  }

  /** Waits until the other end is gone or this one is closed. */
  public void awaitHangUp() {
    if (!use()) {
      return;
    }
    try (Scratch scratch = Scratch.take()) {
      NativeMemory entry = scratch.struct;
      long r;
      do {
        entry.putLong(0, fd); // no events: POLLHUP and POLLERR are always reported
        r = HostCall.call(Sys.POLL, entry.address(), 1, -1);
      } while (r == -Errno.EINTR);
    } finally {
      unuse();
    }
  }

  /** Disconnects: both ends see the end of messages, and nobody waits on this one any more. */
  @Override
  public void close() {
    int now;
    do {
      now = users.get();
      if (now >= CLOSED) {
        return;
      }
    } while (!users.compareAndSet(now, now + CLOSED + 1));
    HostCall.call(Sys.SHUTDOWN, fd, SHUT_RDWR);
    unuse();
  }

  private boolean use() {
    int now;
    do {
      now = users.get();
      if (now >= CLOSED) {
        return false;
      }
    } while (!users.compareAndSet(now, now + 1));
    return true;
  }

  private void unuse() {
    if (users.decrementAndGet() == CLOSED) {
      HostFile.close(fd);
    }
  }
}
