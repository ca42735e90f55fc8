package dev.bulwark.sentry.net.netlink;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostSocket;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.net.PeerCredentials;
import dev.bulwark.sentry.net.Socket;
import dev.bulwark.sentry.net.host.HostSockets;
import dev.bulwark.sentry.vfs.AnonymousInode;
import dev.bulwark.sentry.vfs.InodeNumbers;
import java.util.HashSet;
import java.util.Set;

/** The netlink sockets of a sandbox, and their port numbers. Thread-safe. */
public final class NetlinkSystem {
  static final int AF_NETLINK = 16;

  private static final int ROUTE = 0;
  private static final int PROTOCOLS = 32;

  /** Numbers of sockets beyond the first of a process, as in Linux. */
  private static final int FIRST_OTHER = -4097;

  private final InodeNumbers numbers;
  private final HostSockets sockets;

  // Guarded by this.
  private final Set<Integer> ports = new HashSet<>();
  private int nextOther = FIRST_OTHER;

  /** No sockets yet. */
  public NetlinkSystem(InodeNumbers numbers, HostSockets sockets) {
    this.numbers = numbers;
    this.sockets = sockets;
  }

  /**
   * socket(2).
   *
   * @param flags O_NONBLOCK or 0
   * @throws ErrnoException ESOCKTNOSUPPORT, EPROTONOSUPPORT for all but NETLINK_ROUTE, ENFILE
   */
  public NetlinkSocket create(Task task, int type, int protocol, int flags) throws ErrnoException {
    if (type != Socket.RAW && type != Socket.DGRAM) {
      throw ErrnoException.of(Errno.ESOCKTNOSUPPORT);
    }
    if (protocol < 0 || protocol >= PROTOCOLS || protocol != ROUTE) {
      throw ErrnoException.of(Errno.EPROTONOSUPPORT);
    }
    int fd = sockets.open(AF_NETLINK, type, ROUTE);
    int port = bindOnHost(fd);
    AnonymousInode inode = AnonymousInode.socket(numbers.next(), task.credentials());
    NetlinkSocket made =
        new NetlinkSocket(this, sockets, fd, port, type, flags, inode, PeerCredentials.of(task));
    made.enter();
    return made;
  }

  /** Gives the host's socket a port number there, which the application never sees. */
  private int bindOnHost(int fd) throws ErrnoException {
    try {
      ErrnoException.check(HostSocket.bind(fd, new NetlinkAddress(0, 0).encode()));
      return NetlinkAddress.parse(HostSocket.name(fd, false)).port();
    } catch (ErrnoException e) {
      sockets.abandon(fd);
      throw e;
    } catch (dev.bulwark.linux.HostException e) {
      sockets.abandon(fd);
      throw ErrnoException.of(e.errno());
    }
  }

  /** Reserves a port number that the application chose. EADDRINUSE. */
  synchronized void reserve(int port) throws ErrnoException {
    if (!ports.add(port)) {
      throw ErrnoException.of(Errno.EADDRINUSE);
    }
  }

  /** Reserves a port number: the process's pid if nobody has it. */
  synchronized int choose(int pid) {
    int port = pid;
    while (!ports.add(port)) {
      port = nextOther--;
      if (nextOther >= 0) {
        nextOther = FIRST_OTHER;
      }
    }
    return port;
  }

  synchronized void release(int port) {
    ports.remove(port);
  }
}
