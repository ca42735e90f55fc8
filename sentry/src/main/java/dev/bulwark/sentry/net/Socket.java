package dev.bulwark.sentry.net;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.net.inet.HostStack;
import dev.bulwark.sentry.vfs.AnonymousInode;
import dev.bulwark.sentry.vfs.AttributeChange;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.wait.WaitQueue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A socket of any family. As other descriptions it never blocks; the calls do. Thread-safe.
 * Addresses are the bytes of a {@code sockaddr}.
 */
public abstract class Socket extends FileDescription {
  /** SOCK_STREAM. */
  public static final int STREAM = 1;

  /** SOCK_DGRAM. */
  public static final int DGRAM = 2;

  /** SOCK_RAW. */
  public static final int RAW = 3;

  /** SOCK_SEQPACKET. */
  public static final int SEQPACKET = 5;

  private static final int FIONREAD = 0x541b;
  private static final int TIOCOUTQ = 0x5411;

  private final int type;
  private final AnonymousInode inode;
  private final SocketOptions options = new SocketOptions();
  private final WaitQueue queue = new WaitQueue();
  private final PeerCredentials creator;

  /**
   * A socket.
   *
   * @param creator who sends when write(2) is called
   */
  protected Socket(int type, int flags, AnonymousInode inode, PeerCredentials creator) {
    super(flags);
    this.type = type;
    this.inode = inode;
    this.creator = creator;
  }

  /** SOCK_STREAM and so on. */
  public final int type() {
    return type;
  }

  /** What setsockopt(2) keeps. */
  public final SocketOptions options() {
    return options;
  }

  /** The inode, which a socket that accept(2) makes does not share. */
  protected final AnonymousInode inode() {
    return inode;
  }

  /** AF_UNIX and so on. */
  public abstract int domain();

  /** bind(2). */
  public abstract void bind(Task task, byte[] address) throws ErrnoException;

  /** listen(2). */
  public abstract void listen(Task task, int backlog) throws ErrnoException;

  /** connect(2): 0 or negated: EAGAIN to wait on {@link #otherQueue}, and others. */
  public abstract long connect(Task task, byte[] address) throws ErrnoException;

  /**
   * accept(2): a socket with one reference, or null when nobody waits.
   *
   * @param flags of open(2) for the new description
   */
  public abstract @Nullable Socket accept(Task task, int flags) throws ErrnoException;

  /** sendmsg(2): bytes taken, or negated: EAGAIN and others. */
  public abstract long send(@Nullable Task task, Outgoing message) throws ErrnoException;

  /** recvmsg(2): bytes received, or negated: EAGAIN and others. */
  public abstract long receive(Incoming message) throws ErrnoException;

  /**
   * A second place to wait when a message to an address, or a connection, finds no room; null when
   * there is none.
   */
  public abstract @Nullable WaitQueue otherQueue(@Nullable Task task, byte @Nullable [] address)
      throws ErrnoException;

  /** shutdown(2): 0 for receiving, 1 for sending, 2 for both. */
  public abstract void shutdown(int how) throws ErrnoException;

  /** getsockname(2). */
  public abstract byte[] name() throws ErrnoException;

  /** getpeername(2). ENOTCONN. */
  public abstract byte[] peerName() throws ErrnoException;

  /** The peer's address as accept(2) tells it of a socket that it made. */
  public byte[] acceptedFrom() throws ErrnoException {
    return peerName();
  }

  /**
   * Whether flags and ancillary data are the family's own affair; otherwise urgent data are refused
   * and ancillary data are files and credentials.
   */
  public boolean ownMessages() {
    return false;
  }

  /** SO_ERROR: the pending error, which is cleared; 0 when there is none. */
  public abstract int takeError();

  /** SO_ACCEPTCONN. */
  public abstract boolean listening();

  /** SO_PEERCRED. */
  public abstract PeerCredentials peerCredentials();

  /** FIONREAD: how many bytes can be read. */
  protected abstract long available();

  /** TIOCOUTQ: how many bytes were sent and not received yet. */
  protected abstract long unreceived();

  @Override
  public final boolean sendsSignals() {
    return true;
  }

  @Override
  public final WaitQueue waitQueue() {
    return queue;
  }

  @Override
  public long read(IoBuffer to, long offset) {
    if (offset != AT_POSITION) {
      return -Errno.ESPIPE;
    }
    if (to.remaining() == 0 && type == STREAM) {
      return 0;
    }
    try {
      Incoming message = new Incoming(to, 0);
      long n = receive(message);
      message.rights.forEach(FileDescription::close); // read(2) cannot take them
      return n;
    } catch (ErrnoException e) {
      return -e.errno();
    }
  }

  @Override
  public long write(IoBuffer from, long offset) {
    if (offset != AT_POSITION) {
      return -Errno.ESPIPE;
    }
    try {
      return send(null, new Outgoing(from, null, List.of(), creator));
    } catch (ErrnoException e) {
      return -e.errno();
    }
  }

  @Override
  public final long readTimeout() {
    return options.receiveTimeout;
  }

  @Override
  public final long writeTimeout() {
    return options.sendTimeout;
  }

  @Override
  public final boolean writesFully() {
    return type == STREAM;
  }

  @Override
  public final boolean raisesSigpipe() {
    return type == STREAM;
  }

  @Override
  public long ioctl(Task task, int request, long argument) throws ErrnoException {
    long value;
    switch (request) {
      case FIONREAD -> value = available();
      case TIOCOUTQ -> value = unreceived();
      default -> {
        HostStack network = task.kernel().network();
        return network == null
            ? -Errno.ENOTTY
            : network.interfaces().ioctl(task, request, argument);
      }
    }
    if (value < 0) {
      return value;
    }
    task.memory().putInt(argument, (int) value);
    return 0;
  }

  @Override
  public final void setAttributes(AttributeChange change) throws ErrnoException {
    inode.setAttributes(change);
  }

  @Override
  public final Attributes attributes() {
    return inode.attributes();
  }

  @Override
  public final String describe() {
    return inode.describe();
  }
}
