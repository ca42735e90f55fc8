package dev.bulwark.gofer;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostPath;
import dev.bulwark.linux.Statx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of one connection. A node is known by its number and by the identity of its file, and
 * has a descriptor while it is in use or was lately; there are far fewer descriptors than nodes, so
 * a node is opened again by its directory and name when that is needed, and only if the file there
 * is the same one. Thread-safe.
 */
final class NodeTable implements AutoCloseable {
  static final int RESOLVE =
      HostPath.RESOLVE_BENEATH | HostPath.RESOLVE_NO_SYMLINKS | HostPath.RESOLVE_NO_MAGICLINKS;
  static final int OPEN_NODE = HostPath.O_PATH | HostPath.O_NOFOLLOW | HostPath.O_CLOEXEC;

  /** How deep directories may lie in each other; deeper ones cannot be opened again. */
  private static final int MAX_DEPTH = 1 << 14;

  private final int maxNodes;
  private final int maxOpen;

  /**
   * Held in shared mode while names are looked up, and exclusively while they are taken away or
   * moved: so what is recorded about names is what the host has.
   */
  final ReentrantReadWriteLock tree = new ReentrantReadWriteLock();

  private final Map<Long, Node> numbers = new HashMap<>();
  private final Map<Node.Identity, Node> identities = new HashMap<>();

  /** Nodes with a descriptor that can be had again, least recently used first. */
  private final LinkedHashMap<Node, Boolean> open = new LinkedHashMap<>(64, 0.75f, true);

  private final List<Node> roots = new ArrayList<>();
  private final AtomicIntegerArray sealed;
  private volatile IntToLongFunction sealer = fd -> 0;
  private int descriptors;
  private long last;

  /**
   * A table of roots.
   *
   * @param maxNodes how many nodes the client may hold
   * @param maxOpen how many descriptors to hold at most
   * @throws GoferException when a root cannot be asked for its attributes
   */
  NodeTable(List<Root> roots, int maxNodes, int maxOpen) throws GoferException {
    this.maxNodes = maxNodes;
    this.maxOpen = maxOpen;
    sealed = new AtomicIntegerArray(roots.size());
    Statx stat = new Statx();
    for (Root root : roots) {
      GoferException.check(stat.fill(root.fd(), ""));
      Node node =
          new Node(
              ++last,
              new Node.Identity(this.roots.size(), stat.device(), stat.inode()),
              root,
              stat.type(),
              stat.born(),
              stat.mount(),
              false);
      node.fd = root.fd();
      numbers.put(node.id, node);
      identities.put(node.identity, node);
      this.roots.add(node);
    }
  }

  /** Whether nothing below the root of a node may be changed. */
  boolean readOnly(Node node) {
    return node.root.readOnly() || sealed.get(node.identity.root()) != 0;
  }

  /**
   * Lets nothing below a root be changed any more.
   *
   * @throws GoferException EINVAL when there is no such root
   */
  void seal(int root) throws GoferException {
    if (root < 0 || root >= sealed.length()) {
      throw GoferException.of(Errno.EINVAL);
    }
    sealed.set(root, 1);
    GoferException.check(sealer.applyAsLong(roots.get(root).fd));
  }

  /** See {@link Server#sealBy}. */
  void sealBy(IntToLongFunction by) {
    sealer = by;
  }

  /** Begins to use a root. */
  synchronized NodeUse root(int index) throws GoferException {
    if (index < 0 || index >= roots.size()) {
      throw GoferException.of(Errno.EINVAL);
    }
    return new NodeUse(this, roots.get(index));
  }

  /**
   * Begins to use a node.
   *
   * @throws GoferException ESTALE when there is none with the number
   */
  synchronized NodeUse use(long id) throws GoferException {
    Node node = numbers.get(id);
    if (node == null) {
      throw GoferException.of(Errno.ESTALE);
    }
    return new NodeUse(this, node);
  }

  /** Begins to use the node of a file, if there is one. */
  synchronized @Nullable NodeUse find(Root root, Statx stat) {
    Node node = identities.get(identity(root, stat));
    return node == null || node.born != stat.born() ? null : new NodeUse(this, node);
  }

  private Node.Identity identity(Root root, Statx stat) {
    int index = 0;
    while (roots.get(index).root.fd() != root.fd()) {
      index++;
    }
    return new Node.Identity(index, stat.device(), stat.inode());
  }

  /**
   * Begins to use the node of a file that was just found. The tree lock is held.
   *
   * @param directory where it was found; null for a file without a name
   * @param fd an O_PATH descriptor that the table takes over, or -1; needed without a directory
   * @throws GoferException ENFILE when there are too many nodes
   */
  synchronized NodeUse intern(
      Root root, @Nullable Node directory, String name, Statx stat, int fd, boolean hidden)
      throws GoferException {
    Node.Identity identity = identity(root, stat);
    Node node = identities.get(identity);
    if (node != null && node.fd < 0 && (node.born != stat.born() || node.type != stat.type())) {
      identities.remove(identity); // the number was given to another file meanwhile
      place(node, null, "");
      node = null;
    }
    if (node == null) {
      if (numbers.size() >= maxNodes) {
        close(fd);
        throw GoferException.of(Errno.ENFILE);
      }
      node = new Node(++last, identity, root, stat.type(), stat.born(), stat.mount(), hidden);
      numbers.put(node.id, node);
      identities.put(identity, node);
    }
    NodeUse use = new NodeUse(this, node);
    if (directory != null && !node.isRoot() && !isBelow(directory, node)) {
      place(node, directory, name);
    }
    if (fd >= 0) {
      try {
        install(node, fd);
      } catch (GoferException e) {
        use.close();
        throw e;
      }
    }
    return use;
  }

  /** Whether a directory is, or is below, a node: true only after changes from outside. */
  private boolean isBelow(Node directory, Node node) {
    if (node.type != Statx.DIRECTORY) {
      return false;
    }
    Node at = directory;
    for (int depth = 0; at != null && depth < MAX_DEPTH; depth++) {
      if (at.equals(node)) {
        return true;
      }
      at = at.parent;
    }
    return at != null;
  }

  /** Records under which name a node is to be found. The tree lock is held. */
  synchronized void place(Node node, @Nullable Node directory, String name) {
    Node old = node.parent;
    if (directory != null) {
      directory.children++;
    }
    node.parent = directory;
    node.name = name;
    if (old != null) {
      old.children--;
      dropUnused(old);
    }
    if (node.fd >= 0 && !node.isRoot()) {
      if (directory == null) {
        open.remove(node); // its descriptor cannot be had again
      } else {
        open.put(node, Boolean.TRUE);
      }
    }
  }

  /** Whether a node is recorded under a name. */
  synchronized boolean isAt(Node node, Node directory, String name) {
    return directory.equals(node.parent) && node.name.equals(name);
  }

  /** One more node number in the client's hands. */
  synchronized void given(Node node) {
    node.lookups++;
  }

  /** The client forgets a node some times over. Unknown numbers are ignored. */
  synchronized void forget(long id, int count) {
    Node node = numbers.get(id);
    if (node != null && count > 0) {
      node.lookups = Math.max(0, node.lookups - count);
      dropUnused(node);
    }
  }

  synchronized void unuse(Node node) {
    node.users--;
    dropUnused(node);
  }

  private void dropUnused(Node first) {
    Node node = first;
    while (node != null
        && node.lookups == 0
        && node.children == 0
        && node.users == 0
        && !node.isRoot()
        && numbers.remove(node.id) != null) {
      identities.remove(node.identity, node);
      open.remove(node);
      if (node.fd >= 0) {
        descriptors--;
        close(node.fd);
        node.fd = -1;
      }
      Node parent = node.parent;
      node.parent = null;
      if (parent != null) {
        parent.children--;
      }
      node = parent;
    }
  }

  /**
   * An O_PATH descriptor of a node that is in use, which stays open that long. The tree lock is
   * held.
   *
   * @throws GoferException ESTALE when the file is not where it was
   */
  int fd(Node node) throws GoferException {
    List<NodeUse> closed = new ArrayList<>(0);
    try {
      int fd = closedAncestors(node, closed);
      for (int i = closed.size() - 1; i >= 0; i--) {
        fd = reopen(closed.get(i).node, fd);
      }
      return fd;
    } finally {
      closed.forEach(NodeUse::close);
    }
  }

  /**
   * Lists a node and the directories above it, up to the first that has a descriptor.
   *
   * @return that descriptor
   */
  private synchronized int closedAncestors(Node node, List<NodeUse> closed) throws GoferException {
    Node at = node;
    while (at.fd < 0) {
      Node parent = at.parent;
      if (parent == null || closed.size() == MAX_DEPTH) {
        throw GoferException.of(Errno.ESTALE);
      }
      closed.add(new NodeUse(this, at));
      at = parent;
    }
    closed.add(new NodeUse(this, at));
    open.get(at); // the use counts for the order
    return at.fd;
  }

  private int reopen(Node node, int directory) throws GoferException {
    String name;
    synchronized (this) {
      if (node.fd >= 0) {
        return node.fd;
      }
      name = node.name;
    }
    int fd = (int) GoferException.check(HostPath.openAt2(directory, name, OPEN_NODE, 0, RESOLVE));
    Statx stat = new Statx();
    long r = stat.fill(fd, "");
    if (r != 0
        || stat.device() != node.identity.device()
        || stat.inode() != node.identity.inode()
        || stat.born() != node.born
        || stat.type() != node.type) {
      close(fd);
      throw GoferException.of(Errno.ESTALE);
    }
    return install(node, fd);
  }

  private synchronized int install(Node node, int fd) throws GoferException {
    if (node.fd >= 0) {
      close(fd); // another thread was faster
      return node.fd;
    }
    if (!makeRoom()) {
      close(fd);
      throw GoferException.of(Errno.ENFILE);
    }
    node.fd = fd;
    descriptors++;
    if (node.parent != null) {
      open.put(node, Boolean.TRUE);
    }
    return fd;
  }

  /** Closes what was not used for long, until there is room for one more. */
  private boolean makeRoom() {
    Iterator<Node> oldest = open.keySet().iterator();
    while (descriptors >= maxOpen && oldest.hasNext()) {
      Node node = oldest.next();
      if (node.users == 0) {
        oldest.remove();
        close(node.fd);
        node.fd = -1;
        descriptors--;
      }
    }
    return descriptors < maxOpen;
  }

  /** Where a node was found last, for people: the number of its root and a path. */
  synchronized String describe(Node node) {
    StringBuilder path = new StringBuilder();
    Node at = node;
    for (int depth = 0; at != null && !at.isRoot() && depth < MAX_DEPTH; depth++) {
      path.insert(0, "/" + at.name);
      at = at.parent;
    }
    return "root " + node.identity.root() + (path.isEmpty() ? "" : " at " + path);
  }

  /** How many nodes there are. */
  synchronized int size() {
    return numbers.size();
  }

  /** How many descriptors of nodes are open, roots left out. */
  synchronized int openDescriptors() {
    return descriptors;
  }

  private static void close(int fd) {
    if (fd >= 0) {
      HostFile.close(fd);
    }
  }

  /** Closes all descriptors but those of the roots. No operation may be in progress. */
  @Override
  public synchronized void close() {
    for (Node node : numbers.values()) {
      if (!node.isRoot()) {
        close(node.fd);
        node.fd = -1;
      }
    }
    numbers.clear();
    identities.clear();
    open.clear();
    descriptors = 0;
  }
}
