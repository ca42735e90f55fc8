package dev.bulwark.sentry.net.inet;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostSocket;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.io.HostPoller;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.net.PeerCredentials;
import dev.bulwark.sentry.net.Socket;
import dev.bulwark.sentry.net.host.HostSockets;
import dev.bulwark.sentry.net.host.NetworkFiles;
import dev.bulwark.sentry.net.netlink.NetlinkSystem;
import dev.bulwark.sentry.vfs.AnonymousInode;
import dev.bulwark.sentry.vfs.InodeNumbers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The network of a sandbox that uses the stack of the host, in the network namespace that the
 * Sentry was started in. Thread-safe.
 */
public final class HostStack {
  private static final int AF_NETLINK = 16;
  private static final int AF_PACKET = 17;
  private static final int ICMP = 1;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMPV6 = 58;
  private static final int MAX_PROTOCOL = 263;

  /** ip_unprivileged_port_start where the host does not tell it. */
  private static final int USUAL_PORT_START = 1024;

  private final InodeNumbers numbers;
  private final NetworkFiles files;
  private final HostSockets sockets;
  private final NetlinkSystem netlink;
  private final InterfaceRequests interfaces;

  private HostStack(InodeNumbers numbers, NetworkFiles files, HostSockets sockets, int own) {
    this.numbers = numbers;
    this.files = files;
    this.sockets = sockets;
    this.netlink = new NetlinkSystem(numbers, sockets);
    this.interfaces = new InterfaceRequests(own);
  }

  /**
   * Starts it.
   *
   * @param proc a descriptor of the host's /proc, which is closed
   * @throws HostException when the host has no sockets to give
   */
  public static HostStack start(InodeNumbers numbers, int proc) throws HostException {
    NetworkFiles files = new NetworkFiles(proc);
    HostFile.close(proc);
    int own = (int) HostSocket.open(InetSocket.INET, Socket.DGRAM, 0);
    if (own < 0) {
      throw new HostException("making a socket to ask for network interfaces", -own);
    }
    return new HostStack(numbers, files, new HostSockets(new HostPoller()), own);
  }

  /** What the host tells of its network in /proc. */
  public NetworkFiles files() {
    return files;
  }

  /** The sockets of the host that are in use. */
  public HostSockets sockets() {
    return sockets;
  }

  /** Requests about network interfaces. */
  public InterfaceRequests interfaces() {
    return interfaces;
  }

  /** Whether a family of socket(2) is one for {@link #create} to answer. */
  public static boolean knows(int family) {
    return family == InetSocket.INET
        || family == InetSocket.INET6
        || family == AF_NETLINK
        || family == AF_PACKET;
  }

  /**
   * socket(2).
   *
   * @param flags O_NONBLOCK or 0
   * @throws ErrnoException as socket(2) of the family
   */
  public Socket create(Task task, int family, int type, int protocol, int flags)
      throws ErrnoException {
    if (family == AF_NETLINK) {
      return netlink.create(task, type, protocol, flags);
    }
    if (family == AF_PACKET) {
      boolean allowed = task.credentials().has(Capability.NET_RAW);
      throw ErrnoException.of(allowed ? Errno.EAFNOSUPPORT : Errno.EPERM);
    }
    int chosen = protocol(task.credentials(), family, type, protocol);
    int fd = sockets.open(family, type, chosen);
    return entered(task, fd, family, type, flags, InetSocket.noAddress());
  }

  /** The protocol of a new socket: one of four constants. */
  private int protocol(Credentials credentials, int family, int type, int wanted)
      throws ErrnoException {
    if (wanted < 0 || wanted >= MAX_PROTOCOL) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    int echo = family == InetSocket.INET ? ICMP : ICMPV6;
    switch (type) {
      case Socket.STREAM -> {
        if (wanted == 0 || wanted == TCP) {
          return TCP;
        }
      }
      case Socket.DGRAM -> {
        if (wanted == 0 || wanted == UDP) {
          return UDP;
        }
        if (wanted == echo) {
          requirePing(credentials);
          return echo;
        }
      }
      case Socket.RAW -> {
        if (wanted != 0 && !credentials.has(Capability.NET_RAW)) {
          throw ErrnoException.of(Errno.EPERM);
        }
        if (wanted == echo) {
          return echo;
        }
      }
      default -> throw ErrnoException.of(Errno.ESOCKTNOSUPPORT);
    }
    throw ErrnoException.of(Errno.EPROTONOSUPPORT);
  }

  /** Who may send echo requests without privileges (icmp(7), ping_group_range). EACCES. */
  private void requirePing(Credentials credentials) throws ErrnoException {
    long[] range = files.numbers("ipv4/ping_group_range");
    boolean admitted = range.length < 2 || within(credentials.egid(), range);
    for (int group : credentials.groups()) {
      admitted |= range.length >= 2 && within(group, range);
    }
    if (!admitted) {
      throw ErrnoException.of(Errno.EACCES);
    }
  }

  private static boolean within(int group, long[] range) {
    long number = Integer.toUnsignedLong(group);
    return number >= range[0] && number <= range[1];
  }

  /** accept(2): null when nobody waits. */
  @Nullable Socket accept(Task task, InetSocket listener, int flags) throws ErrnoException {
    HostSocket.Accepted accepted;
    try {
      accepted = sockets.accept(listener.hostDescriptor());
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EAGAIN) {
        return null;
      }
      throw e;
    }
    InetSocket made =
        entered(
            task,
            (int) accepted.fd(),
            listener.domain(),
            listener.type(),
            flags,
            accepted.address());
    made.inherit(listener);
    return made;
  }

  private InetSocket entered(Task task, int fd, int family, int type, int flags, byte[] from) {
    AnonymousInode inode = AnonymousInode.socket(numbers.next(), task.credentials());
    InetSocket made =
        new InetSocket(this, fd, family, type, flags, inode, PeerCredentials.of(task), from);
    made.enter();
    return made;
  }

  /**
   * Refuses ports of the privileged to those who are not.
   *
   * @throws ErrnoException EACCES
   */
  void checkPort(Task task, InetSocket socket, byte[] address) throws ErrnoException {
    if (address.length < 4 || socket.type() == Socket.RAW) {
      return;
    }
    int port = (address[2] & 0xff) << 8 | (address[3] & 0xff);
    if (port == 0 || task.credentials().has(Capability.NET_BIND_SERVICE)) {
      return;
    }
    long[] start = files.numbers("ipv4/ip_unprivileged_port_start");
    if (port < (start.length == 0 ? USUAL_PORT_START : start[0])) {
      throw ErrnoException.of(Errno.EACCES);
    }
  }

  /** Whether the host has an algorithm of congestion control without loading a module. */
  boolean hasCongestionControl(String name) {
    String known = files.parameter("ipv4/tcp_available_congestion_control");
    return known != null && Arrays.asList(known.strip().split(" +")).contains(name);
  }
}
