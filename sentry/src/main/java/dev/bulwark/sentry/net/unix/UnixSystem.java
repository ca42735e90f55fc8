package dev.bulwark.sentry.net.unix;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.io.PagePool;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.net.PeerCredentials;
import dev.bulwark.sentry.net.Socket;
import dev.bulwark.sentry.vfs.AnonymousInode;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.InodeNumbers;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.Names;
import dev.bulwark.sentry.vfs.Permission;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** All Unix sockets of a sandbox: their names, and what they may hold. Thread-safe. */
public final class UnixSystem {
  /** Native memory for messages: 64 MiB. */
  private static final int MAX_PAGES = 16384;

  /** How many files may be in flight even for the privileged. */
  private static final int MAX_IN_FLIGHT = 1 << 16;

  /** Abstract names that autobind gives: five hexadecimal digits. */
  private static final int AUTOBIND_NAMES = 1 << 20;

  private final InodeNumbers numbers;
  private final PagePool pages = new PagePool(MAX_PAGES);
  private final HostPeers hosts = new HostPeers();
  private final AtomicInteger inFlight = new AtomicInteger();

  /** A bound file, by file system and number. */
  private record Place(long device, long inode) {}

  // Guarded by this.
  private final Map<String, UnixSocket> abstracts = new HashMap<>();
  private final Map<Place, UnixSocket> places = new HashMap<>();
  private int nextAutobind;

  /** No sockets. */
  public UnixSystem(InodeNumbers numbers) {
    this.numbers = numbers;
  }

  PagePool pages() {
    return pages;
  }

  /** How many files are in flight. */
  public int inFlight() {
    return inFlight.get();
  }

  /**
   * A socket that is neither bound nor connected.
   *
   * @param flags O_NONBLOCK
   */
  public UnixSocket create(Task task, int type, int flags) {
    AnonymousInode inode = AnonymousInode.socket(numbers.next(), task.credentials());
    return new UnixSocket(this, type, flags, inode, PeerCredentials.of(task));
  }

  /** Two sockets that are connected with each other. */
  public UnixSocket[] pair(Task task, int type, int flags) {
    UnixSocket a = create(task, type, flags);
    UnixSocket b = create(task, type, flags);
    synchronized (this) {
      a.join(b, PeerCredentials.of(task));
      b.join(a, PeerCredentials.of(task));
    }
    return new UnixSocket[] {a, b};
  }

  /** Counts files that are sent; ETOOMANYREFS. */
  void takeOff(@Nullable Task task, int files) throws ErrnoException {
    int now = inFlight.addAndGet(files);
    boolean privileged =
        task != null
            && (task.credentials().has(Capability.SYS_RESOURCE)
                || task.credentials().has(Capability.SYS_ADMIN));
    boolean tooMany =
        now > MAX_IN_FLIGHT
            || (!privileged
                && task != null
                && task.process().limits().exceeded(Limits.NOFILE, now - (long) files));
    if (tooMany) {
      land(files);
      throw ErrnoException.of(Errno.ETOOMANYREFS);
    }
  }

  void land(int files) {
    inFlight.addAndGet(-files);
  }

  /** Gives a socket an abstract name that nobody has. ENOSPC. */
  synchronized UnixAddress autobind(UnixSocket socket) throws ErrnoException {
    for (int i = 0; i < AUTOBIND_NAMES; i++) {
      String name = String.format("\0%05x", nextAutobind);
      nextAutobind = (nextAutobind + 1) % AUTOBIND_NAMES;
      if (abstracts.putIfAbsent(name, socket) == null) {
        return new UnixAddress(name);
      }
    }
    throw ErrnoException.of(Errno.ENOSPC);
  }

  synchronized void bindAbstract(UnixSocket socket, UnixAddress address) throws ErrnoException {
    if (abstracts.putIfAbsent(address.name(), socket) != null) {
      throw ErrnoException.of(Errno.EADDRINUSE);
    }
  }

  /** Makes the file that a socket is bound to; gives a way to forget it. EADDRINUSE and others. */
  Runnable bindPath(Task task, UnixSocket socket, UnixAddress address) throws ErrnoException {
    Location made;
    try {
      int mode = Attributes.SOCKET | (0777 & ~task.fs().umask());
      made = Names.mknod(task.fs().walk(task.credentials()), address.name(), mode, 0);
    } catch (ErrnoException e) {
      throw e.errno() == Errno.EEXIST ? ErrnoException.of(Errno.EADDRINUSE) : e;
    }
    Attributes attributes = made.inode().attributes();
    Place place = new Place(attributes.device(), attributes.inode());
    synchronized (this) {
      places.put(place, socket);
    }
    return () -> {
      synchronized (this) {
        places.remove(place, socket);
      }
    };
  }

  boolean exists(Task task, UnixAddress address) {
    try {
      task.fs().walk(task.credentials()).find(address.name(), false);
      return true;
    } catch (ErrnoException e) {
      return false;
    }
  }

  synchronized void forgetAbstract(UnixSocket socket, UnixAddress address) {
    abstracts.remove(address.name(), socket);
  }

  /** Connections to sockets of the host. */
  HostPeers hosts() {
    return hosts;
  }

  /** Where an address leads. */
  sealed interface Found {
    /** To a socket of the sandbox. */
    record Inside(UnixSocket socket) implements Found {}

    /** To a file that nobody in the sandbox is bound to, and perhaps a process of the host. */
    record OnHost(Inode file) implements Found {}
  }

  /**
   * The socket at an address.
   *
   * @throws ErrnoException ECONNREFUSED when nobody has the name, EPROTOTYPE for another type, and
   *     those of path walks
   */
  Found find(@Nullable Task task, UnixAddress address, int type) throws ErrnoException {
    UnixSocket found;
    Inode file = null;
    if (address.isAbstract()) {
      synchronized (this) {
        found = abstracts.get(address.name());
      }
    } else {
      if (task == null) {
        throw ErrnoException.of(Errno.ECONNREFUSED);
      }
      Location place = task.fs().walk(task.credentials()).find(address.name(), true);
      place.inode().checkPermission(Permission.WRITE, task.credentials());
      Attributes attributes = place.inode().attributes();
      if (attributes.type() != Attributes.SOCKET) {
        throw ErrnoException.of(Errno.ECONNREFUSED);
      }
      file = place.inode();
      synchronized (this) {
        found = places.get(new Place(attributes.device(), attributes.inode()));
      }
    }
    if (found == null && file != null) {
      return new Found.OnHost(file);
    }
    if (found == null) {
      throw ErrnoException.of(Errno.ECONNREFUSED);
    }
    if (found.type() != type) {
      throw ErrnoException.of(Errno.EPROTOTYPE);
    }
    return new Found.Inside(found);
  }

  /** Whether a type is one that Unix sockets have; RAW counts as DGRAM. */
  public static boolean hasType(int type) {
    return type == Socket.STREAM
        || type == Socket.DGRAM
        || type == Socket.RAW
        || type == Socket.SEQPACKET;
  }
}
