package dev.bulwark.sentry.net.unix;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostIdentity;
import dev.bulwark.linux.HostMessage;
import dev.bulwark.linux.HostSocket;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.net.Incoming;
import dev.bulwark.sentry.net.MessageFlags;
import dev.bulwark.sentry.net.Outgoing;
import dev.bulwark.sentry.net.PeerCredentials;
import dev.bulwark.sentry.net.Socket;
import dev.bulwark.sentry.net.host.HostTransfer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;

/**
 * The other end of a Unix socket when it is a process of the host. Bytes cross, and nothing else:
 * files that an application sends are refused with EPERM, and those that the host sends are dropped
 * (MSG_CTRUNC). The host sees the application's user. Thread-safe; calls after {@link #close} get
 * ENOTCONN.
 */
final class HostPeer {
  private static final int SOL_SOCKET = 1;
  private static final int SO_ERROR = 4;
  private static final int SO_PEERCRED = 17;
  private static final int FIONREAD = 0x541b;
  private static final int TIOCOUTQ = 0x5411;

  private final HostPeers peers;
  private final int fd;
  private final boolean stream;
  private final HostTransfer transfer;

  /**
   * Calls hold it for reading, so that the descriptor is not closed, and used again, below them.
   */
  private final ReadWriteLock open = new ReentrantReadWriteLock();

  private boolean closed;

  /** Takes over a connected descriptor that does not block. */
  HostPeer(HostPeers peers, int fd, int type) {
    this.peers = peers;
    this.fd = fd;
    this.stream = type == Socket.STREAM;
    this.transfer = new HostTransfer(fd, stream);
  }

  private long whileOpen(LongSupplier call) {
    open.readLock().lock();
    try {
      return closed ? -Errno.ENOTCONN : call.getAsLong();
    } finally {
      open.readLock().unlock();
    }
  }

  /** Sends; the address of the message is not looked at. */
  long send(Outgoing message) {
    if (!message.rights().isEmpty()) {
      return -Errno.EPERM;
    }
    return whileOpen(() -> sendBytes(message, message.flags() & MessageFlags.EOR));
  }

  /**
   * Who receives can ask for the sender of each message (SO_PASSCRED), which would be the Sentry.
   */
  private long sendBytes(Outgoing message, int flags) {
    PeerCredentials sender = message.sender();
    HostIdentity identity = new HostIdentity(sender.uid(), sender.gid(), new int[0]);
    if (identity.own()) {
      return transfer.send(message.data(), flags);
    }
    try (HostMessage out = HostMessage.take()) {
      out.setControl(identity.credentials());
      return transfer.send(out, message.data(), flags);
    }
  }

  /** Receives; what is not bytes is dropped. */
  long receive(Incoming message) {
    return whileOpen(() -> receiveBytes(message));
  }

  private long receiveBytes(Incoming message) {
    int asked = stream ? MessageFlags.PEEK : MessageFlags.PEEK | MessageFlags.TRUNC;
    int flags = message.flags & asked;
    if (!message.wantsFlags) {
      return transfer.receive(message.data, flags);
    }
    try (HostMessage in = HostMessage.take()) {
      long n = transfer.receive(in, message.data, flags, 0);
      if (n >= 0) {
        message.truncated = (in.flags() & MessageFlags.TRUNC) != 0;
        message.result = in.flags() & (MessageFlags.CTRUNC | MessageFlags.EOR);
      }
      return n;
    }
  }

  /** The events of poll(2) that hold. */
  int poll() {
    return (int) Math.max(0, whileOpen(() -> HostTransfer.poll(fd)));
  }

  /** shutdown(2). */
  void shutdown(int how) throws ErrnoException {
    ErrnoException.check(whileOpen(() -> HostSocket.shutdown(fd, how)));
  }

  /** getpeername(2), as the server on the host named itself. */
  byte[] name() throws ErrnoException {
    byte[][] name = {UnixAddress.UNNAMED};
    ErrnoException.check(
        whileOpen(
            () -> {
              try {
                name[0] = HostSocket.name(fd, true);
                return 0;
              } catch (HostException e) {
                return -e.errno();
              }
            }));
    return name[0];
  }

  /** SO_PEERCRED; a process of the host has no number inside. */
  PeerCredentials credentials() {
    byte[] value = new byte[PeerCredentials.SIZE];
    long n = whileOpen(() -> HostSocket.getOption(fd, SOL_SOCKET, SO_PEERCRED, value));
    ByteBuffer buffer = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    return n < PeerCredentials.SIZE
        ? PeerCredentials.NOBODY
        : new PeerCredentials(0, buffer.getInt(4), buffer.getInt(8));
  }

  /** SO_ERROR. */
  int takeError() {
    byte[] value = new byte[Integer.BYTES];
    long n = whileOpen(() -> HostSocket.getOption(fd, SOL_SOCKET, SO_ERROR, value));
    return n < Integer.BYTES ? 0 : ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  /** FIONREAD. */
  long available() {
    return integer(FIONREAD);
  }

  /** TIOCOUTQ. */
  long unreceived() {
    return integer(TIOCOUTQ);
  }

  private long integer(int request) {
    byte[] value = new byte[Integer.BYTES];
    long r = whileOpen(() -> HostSocket.control(fd, request, value));
    return r < 0 ? r : ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  /** Ends the connection; a second time does nothing. */
  void close() {
    open.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      peers.closing(fd);
      HostFile.close(fd);
    } finally {
      open.writeLock().unlock();
    }
  }
}
