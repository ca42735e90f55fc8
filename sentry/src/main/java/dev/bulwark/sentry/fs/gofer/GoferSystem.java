package dev.bulwark.sentry.fs.gofer;

import dev.bulwark.gofer.Client;
import dev.bulwark.gofer.FileAttributes;
import dev.bulwark.gofer.GoferException;
import dev.bulwark.gofer.HostEvents;
import dev.bulwark.gofer.NodeInfo;
import dev.bulwark.gofer.OwnChange;
import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostStatfs;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.Dentry;
import dev.bulwark.sentry.vfs.DeviceNumber;
import dev.bulwark.sentry.vfs.FileSystem;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.Statfs;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A root of the Gofer and everything below it, as a file system; the root may be a file of any
 * kind. Several of them can share a client and a budget. When the Gofer dies all operations fail
 * with EIO.
 *
 * <p>Whether others change the tree as well is told by the Gofer. If so, names and attributes are
 * believed for {@link #VALID} only, and what came with a listing or a longer walk for {@link
 * #AHEAD}.
 */
public final class GoferSystem extends FileSystem {
  /** How many directories keep what came with their listings. */
  private static final int LISTED = 16;

  /** How many devices of the host are told apart; more than anybody mounts below a root. */
  private static final int MAX_DEVICES = 4096;

  /** How long what was heard of a shared tree is believed: with the other, less than a second. */
  private static final long VALID = 500_000_000;

  private static final long AHEAD = 250_000_000;

  /** A request to the Gofer. */
  @FunctionalInterface
  interface Request<T> {
    T send(Client client) throws GoferException;
  }

  private final Client client;
  private final DescriptorBudget budget;
  private final InodeTable inodes;
  private final ConcurrentHashMap<Long, Long> devices = new ConcurrentHashMap<>();
  private final ArrayDeque<Prefetched> listed = new ArrayDeque<>();
  private final GoferInode root;
  private final boolean shared;

  /** What was heard before is not to be believed any more; in the time of {@link #clock}. */
  private volatile long expired;

  private GoferSystem(Client client, DescriptorBudget budget, Client.RootFile attached)
      throws ErrnoException {
    super("gofer");
    shared = attached.shared();
    expired = clock() - 1;
    this.client = client;
    this.budget = budget;
    inodes = new InodeTable(client);
    devices.put(attached.info().attributes().device(), device());
    root = intern(attached.info(), clock());
    setReadOnly(attached.readOnly());
  }

  /**
   * Attaches to a root of the Gofer.
   *
   * @param client the connection, which the file system does not close
   * @param budget bounds the descriptors that are kept
   * @param number place of the root on the Gofer's command line
   * @throws ErrnoException EINVAL when there is no such root, EIO when the Gofer is dead
   */
  public static GoferSystem attach(Client client, DescriptorBudget budget, int number)
      throws ErrnoException {
    try {
      return new GoferSystem(client, budget, client.attach(number));
    } catch (GoferException e) {
      throw ErrnoException.of(e.errno());
    }
  }

  /** Asks the Gofer; when it knows too many nodes, gives some back and tries once more. */
  <T> T ask(Request<T> request) throws ErrnoException {
    try {
      return request.send(client);
    } catch (GoferException e) {
      if (e.errno() == Errno.ESTALE) {
        expire();
      }
      if (e.errno() != Errno.ENFILE) {
        throw ErrnoException.of(e.errno());
      }
    }
    inodes.reclaim();
    try {
      return request.send(client);
    } catch (GoferException e) {
      throw ErrnoException.of(e.errno());
    }
  }

  /** Nanoseconds since some time; always 0 when nobody else changes the tree. */
  @Override
  protected long clock() {
    return shared ? System.nanoTime() : 0;
  }

  /** Whether others change the tree too. */
  boolean shared() {
    return shared;
  }

  /** Whether what was asked for at a time is too old to be believed. */
  boolean outdated(long asked) {
    return shared && (System.nanoTime() - asked > VALID || asked - expired <= 0);
  }

  /** Whether what was heard before anybody wanted to know is too old to be used. */
  boolean missed(long asked) {
    return shared && (System.nanoTime() - asked > AHEAD || asked - expired <= 0);
  }

  /** Something changed: nothing that was heard is believed any more. */
  void expire() {
    expired = clock();
  }

  @Override
  protected boolean valid(Dentry name) {
    return !outdated(name.confirmed());
  }

  /** Where changes on the host are heard of. */
  HostEvents events() {
    return client.events();
  }

  /** Whether somebody listens to what the host reports. */
  boolean announces() {
    return shared && events().active();
  }

  /** Does something that the host will report, where somebody listens, though it is no news. */
  <T> T announced(OwnChange change, Change<T> action) throws ErrnoException {
    if (!announces()) {
      return action.make();
    }
    events().begin(change);
    try {
      return action.make();
    } finally {
      events().end(change);
    }
  }

  /** A change that the sandbox makes. */
  @FunctionalInterface
  interface Change<T> {
    T make() throws ErrnoException;
  }

  /**
   * The inode of a node that the Gofer just gave.
   *
   * @param asked when it was asked, by {@link #clock}
   * @throws ErrnoException EIO when what the Gofer says cannot be
   */
  GoferInode intern(NodeInfo info, long asked) throws ErrnoException {
    Attributes attributes = attributes(info.attributes());
    int type = attributes.type();
    switch (type) {
      case Attributes.REGULAR,
          Attributes.DIRECTORY,
          Attributes.SYMLINK,
          Attributes.FIFO,
          Attributes.SOCKET,
          Attributes.CHARACTER,
          Attributes.BLOCK -> {}
      default -> throw ErrnoException.of(Errno.EIO);
    }
    long node = info.node();
    GoferInode inode =
        inodes.intern(
            node,
            () ->
                switch (type) {
                  case Attributes.REGULAR -> new GoferFile(this, node, attributes, budget);
                  case Attributes.DIRECTORY -> new GoferDirectory(this, node, attributes);
                  case Attributes.SYMLINK -> new GoferLink(this, node, attributes);
                  default -> new GoferInode(this, node, attributes);
                });
    if (inode.type() != type) {
      throw ErrnoException.of(Errno.EIO);
    }
    if (shared) {
      inode.hear(attributes, asked);
    }
    return inode;
  }

  /** Gives an inode back that has no name and no user any more. */
  void drop(GoferInode inode) {
    inodes.drop(inode);
  }

  /** Attributes as this file system shows them. */
  Attributes attributes(FileAttributes a) {
    return new Attributes(
        shownDevice(a.device()),
        a.inode(),
        a.mode(),
        a.links(),
        a.uid(),
        a.gid(),
        a.special(),
        a.size(),
        a.blockSize(),
        a.blocks(),
        a.accessed(),
        a.modified(),
        a.changed(),
        a.born());
  }

  /** Numbers of inodes are unique on a device only, so each device of the host is shown as one. */
  private long shownDevice(long host) {
    Long known = devices.get(host);
    if (known != null) {
      return known;
    }
    return devices.size() < MAX_DEVICES
        ? devices.computeIfAbsent(host, _ -> DeviceNumber.anonymous())
        : device();
  }

  /** Room for what comes with the listing of one more directory; the oldest one is emptied. */
  Prefetched newPrefetched() {
    Prefetched made = new Prefetched();
    synchronized (listed) {
      listed.add(made);
      if (listed.size() > LISTED) {
        listed.remove().clear();
      }
    }
    return made;
  }

  @Override
  protected Inode root() {
    return root;
  }

  @Override
  public Statfs statfs() throws ErrnoException {
    return root.statfs();
  }

  /** Figures of the host as the Sentry shows them. */
  static Statfs figures(HostStatfs s) {
    return new Statfs(
        s.magic(),
        s.blockSize(),
        s.blocks(),
        s.free(),
        s.available(),
        s.files(),
        s.freeFiles(),
        s.nameLength());
  }

  @Override
  public void sync() throws ErrnoException {
    if (!readOnly()) {
      ask(
          gofer -> {
            gofer.syncFileSystem(root.node());
            return true;
          });
    }
  }

  /** How many inodes are known. */
  int inodeCount() {
    return inodes.size();
  }
}
