package dev.bulwark.sentry.net.inet;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostSocket;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.kernel.Task;

/**
 * Requests of ioctl(2) about network interfaces (netdevice(7)), which any socket answers. They are
 * made on a socket of the Sentry's own. Thread-safe.
 */
public final class InterfaceRequests {
  private static final int SIOCGIFNAME = 0x8910;
  private static final int SIOCGIFCONF = 0x8912;
  private static final int SIOCGIFFLAGS = 0x8913;
  private static final int SIOCGIFADDR = 0x8915;
  private static final int SIOCGIFDSTADDR = 0x8917;
  private static final int SIOCGIFBRDADDR = 0x8919;
  private static final int SIOCGIFNETMASK = 0x891b;
  private static final int SIOCGIFMETRIC = 0x891d;
  private static final int SIOCGIFMTU = 0x8921;
  private static final int SIOCGIFHWADDR = 0x8927;
  private static final int SIOCGIFINDEX = 0x8933;
  private static final int SIOCGIFTXQLEN = 0x8942;
  private static final int SIOCGIFMAP = 0x8970;

  /** Requests that change interfaces, addresses, routes and neighbours. */
  private static final int[] CHANGES = {
    0x890b, 0x890c, 0x8911, 0x8914, 0x8916, 0x8918, 0x891a, 0x891c, 0x891e, 0x8920, 0x8922, 0x8923,
    0x8924, 0x8931, 0x8932, 0x8936, 0x8937, 0x8943, 0x8946, 0x8953, 0x8955, 0x8971, 0x89a0, 0x89a1
  };

  /** Size of a {@code struct ifreq}. */
  private static final int IFREQ = 40;

  private static final int POINTER_IN_IFCONF = 8;

  private final int fd;

  InterfaceRequests(int fd) {
    this.fd = fd;
  }

  /** Answers a request, or ENOTTY negated. EPERM and EOPNOTSUPP negated for changes. */
  public long ioctl(Task task, int request, long argument) throws ErrnoException {
    switch (request) {
      case SIOCGIFCONF -> {
        return list(task, argument);
      }
      case SIOCGIFNAME,
          SIOCGIFFLAGS,
          SIOCGIFADDR,
          SIOCGIFDSTADDR,
          SIOCGIFBRDADDR,
          SIOCGIFNETMASK,
          SIOCGIFMETRIC,
          SIOCGIFMTU,
          SIOCGIFHWADDR,
          SIOCGIFINDEX,
          SIOCGIFTXQLEN,
          SIOCGIFMAP -> {
        byte[] structure = task.memory().readBytes(argument, IFREQ);
        long r = HostSocket.control(fd, request, structure);
        if (r >= 0) {
          task.memory().write(argument, structure);
        }
        return r;
      }
      default -> {
        return refuse(task, request);
      }
    }
  }

  private static long refuse(Task task, int request) {
    for (int change : CHANGES) {
      if (change == request) {
        boolean allowed = task.credentials().has(Capability.NET_ADMIN);
        return allowed ? -Errno.EOPNOTSUPP : -Errno.EPERM;
      }
    }
    return -Errno.ENOTTY;
  }

  /** Fills a {@code struct ifconf}; without a buffer it is told how much there is. */
  private long list(Task task, long argument) throws ErrnoException {
    int room = task.memory().getInt(argument);
    long to = task.memory().getLong(argument + POINTER_IN_IFCONF);
    byte[] all = HostSocket.interfaces(fd);
    if (all == null) {
      return -Errno.EIO;
    }
    if (to == 0) {
      task.memory().putInt(argument, all.length);
      return 0;
    }
    if (room < 0) {
      return -Errno.EINVAL;
    }
    int length = Math.min(room, all.length) / IFREQ * IFREQ;
    task.memory().write(to, all, 0, length);
    task.memory().putInt(argument, length);
    return 0;
  }
}
