package dev.bulwark.sentry.net.host;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostSocket;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.HostPoller;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The host's sockets that the sandbox uses, and their number, which is bounded. Thread-safe. */
public final class HostSockets {
  /** Descriptors of the process are scarce, and files need some. */
  private static final int MOST = 10_000;

  private final HostPoller poller;
  private final AtomicInteger open = new AtomicInteger();
  private final Set<HostedSocket> live = ConcurrentHashMap.newKeySet();

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
    return counted(HostSocket.open(family, type, protocol));
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
