package dev.bulwark.sentry.net.host;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostSocket;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.HostPoller;
import dev.bulwark.sentry.net.Socket;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The host's sockets that the sandbox uses, and their number, which is bounded. Thread-safe. */
public final class HostSockets {
  /** Descriptors of the process are scarce, and files need some. */
  private static final int MOST = 10_000;

  private static final int NETLINK = 16;
  private static final int INET = 2;

  /** Of the structs sockaddr_in and sockaddr_in6. */
  private static final int INET_ADDRESS = 16;

  private static final int INET6_ADDRESS = 28;

  private final HostPoller poller;
  private final AtomicInteger open = new AtomicInteger();
  private final Set<HostedSocket> live = ConcurrentHashMap.newKeySet();

  private volatile @Nullable Privileged privileged;

  /** Somebody who has capabilities in the network namespace, which a locked-down Sentry lacks. */
  public interface Privileged {
    /**
     * A socket for echo requests that neither blocks nor survives execve(2), or an errno negated.
     */
    long echoSocket(int family, int type);

    /** bind(2) to a port that takes a capability: 0 or an errno negated. */
    long bind(int fd, byte[] address);
  }

  /** No sockets yet. */
  public HostSockets(HostPoller poller) {
    this.poller = poller;
  }

  /**
   * Opens a socket of the host, counted until {@link #close}. Family, type and protocol must be
   * constants of the caller.
   *
   * @throws ErrnoException what the host says; ENFILE when there are too many
   */
  public int open(int family, int type, int protocol) throws ErrnoException {
    reserve();
    Privileged other = privileged;
    // Raw sockets are not among what the Sentry's own filter lets pass.
    long fd =
        type == Socket.RAW && family != NETLINK && other != null
            ? other.echoSocket(family, type)
            : HostSocket.open(family, type, protocol);
    if (fd == -Errno.EACCES && type == Socket.DGRAM && other != null) {
      fd = other.echoSocket(family, type); // the host asks for a group that the application has
    }
    return counted(fd);
  }

  /**
   * bind(2), for an application that may bind to the port.
   *
   * @return 0 or an errno negated
   */
  public long bind(int fd, byte[] address) {
    long r = HostSocket.bind(fd, address);
    Privileged other = privileged;
    if (r != -Errno.EACCES || other == null) {
      return r;
    }
    int length = address[0] == INET ? INET_ADDRESS : INET6_ADDRESS;
    return other.bind(fd, Arrays.copyOf(address, length)); // applications may pass more
  }

  /** Has somebody else do from now on what takes a capability. */
  public void privileged(Privileged other) {
    privileged = other;
  }

  /**
   * Accepts a connection, counted until {@link #close}.
   *
   * @throws ErrnoException what the host says, EAGAIN among it; ENFILE when there are too many
   */
  public HostSocket.Accepted accept(int listener) throws ErrnoException {
    reserve();
    HostSocket.Accepted accepted = HostSocket.accept(listener);
    counted(accepted.fd());
    return accepted;
  }

  private void reserve() throws ErrnoException {
    if (open.incrementAndGet() > MOST) {
      open.decrementAndGet();
      throw ErrnoException.of(Errno.ENFILE);
    }
  }

  private int counted(long fd) throws ErrnoException {
    if (fd < 0) {
      open.decrementAndGet();
      // That the Sentry has too many is not the application's limit.
      throw ErrnoException.of(fd == -Errno.EMFILE ? Errno.ENFILE : (int) -fd);
    }
    return (int) fd;
  }

  /** Wakes the socket's queue from now on, and lists it. */
  void enter(HostedSocket socket, int fd) {
    live.add(socket);
    poller.watch(fd, socket.waitQueue());
  }

  /** Closes a socket of the host that was entered. */
  void close(HostedSocket socket, int fd) {
    live.remove(socket);
    poller.forget(fd);
    abandon(fd);
  }

  /** Closes a socket of the host that was opened but never entered. */
  public void abandon(int fd) {
    HostFile.close(fd);
    open.decrementAndGet();
  }

  /** The sockets that are open at about this moment. */
  public Collection<HostedSocket> all() {
    return List.copyOf(live);
  }

  /** How many sockets of the host are open. */
  public int count() {
    return open.get();
  }
}
