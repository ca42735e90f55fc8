package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A tree of mounts, which the tasks of a container share. Its monitor guards changes; path walks
 * read without it.
 */
public final class MountNamespace {
  /** How many mounts one namespace may have (the default of fs.mount-max is 100,000). */
  public static final int MAXIMUM = 10_000;

  private volatile Mount root;
  private int count = 1;

  /** Grows with every change of the tree or move of a directory, for walks that must not race. */
  static final AtomicLong CHANGES = new AtomicLong();

  /**
   * A namespace with one mount.
   *
   * @param flags of {@link MountFlags}
   * @param source shown in /proc/mounts
   */
  @SuppressWarnings("this-escape") // the mount only remembers where it is
  public MountNamespace(FileSystem fileSystem, int flags, String source) {
    root = new Mount(this, fileSystem.rootDentry(), flags, source);
  }

  /** The topmost place of the tree. */
  public Location root() {
    Location at = root.rootLocation();
    for (Mount over = root.child(at.dentry()); over != null; over = at.mount().child(at.dentry())) {
      at = over.rootLocation();
    }
    return at;
  }

  /** The first mount. */
  public Mount rootMount() {
    return root;
  }

  /**
   * Mounts a file system, or a part of one.
   *
   * @param at a place that no other mount covers, as a path walk gives it
   * @param what the name that appears there; a directory on a directory, a file on a file
   * @throws ErrnoException ENOTDIR, ENOENT for a removed directory, ENOSPC for too many mounts
   */
  public synchronized Mount mount(Location at, Dentry what, int flags, String source)
      throws ErrnoException {
    if (at.inode().isDirectory() != what.existing().isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    if (at.dentry().removed()) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    reserve(1);
    Mount mount = new Mount(this, what, flags, source);
    attach(mount, at);
    return mount;
  }

  private void attach(Mount mount, Location at) {
    Location top = at;
    for (Mount over = top.mount().child(top.dentry());
        over != null;
        over = top.mount().child(top.dentry())) {
      top = over.rootLocation(); // another mount came between the walk and now
    }
    mount.attach(top);
    CHANGES.incrementAndGet();
  }

  private void reserve(int more) throws ErrnoException {
    if (count + more > MAXIMUM) {
      throw ErrnoException.of(Errno.ENOSPC);
    }
    count += more;
  }

  /**
   * Shows a tree at a second place.
   *
   * @param recursive whether the mounts below come along
   */
  public synchronized Mount bind(Location from, Location at, boolean recursive)
      throws ErrnoException {
    if (at.inode().isDirectory() != from.inode().isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    if (at.dentry().removed()) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    Mount copy = copy(from, recursive);
    attach(copy, at);
    return copy;
  }

  /**
   * A copy of a tree at no place, which {@link #move} can mount and {@link #drop} takes away.
   *
   * @param recursive whether the mounts below come along
   * @throws ErrnoException EINVAL for what cannot be bound, ENOENT for a removed name, ENOSPC
   */
  public synchronized Mount copy(Location from, boolean recursive) throws ErrnoException {
    if (from.mount().propagation() == Propagation.UNBINDABLE) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    List<Mount> below = new ArrayList<>();
    if (recursive) {
      for (Mount mount : tree(from.mount())) {
        Location point = mount.mountpoint();
        if (point != null
            && !mount.equals(from.mount())
            && mount.propagation() != Propagation.UNBINDABLE
            && (!point.mount().equals(from.mount()) || point.dentry().isBelow(from.dentry()))) {
          below.add(mount);
        }
      }
    }
    reserve(below.size() + 1);
    Mount copy = twin(from.mount(), from.dentry());
    List<Mount> originals = new ArrayList<>(List.of(from.mount()));
    List<Mount> copies = new ArrayList<>(List.of(copy));
    for (Mount mount : below) {
      Location point = mount.mountpoint();
      int above = point == null ? -1 : originals.indexOf(point.mount());
      if (point == null || above < 0) {
        count--; // stood on a mount that did not come along
        continue;
      }
      Mount twin = twin(mount, mount.root());
      twin.attach(new Location(copies.get(above), point.dentry()));
      originals.add(mount);
      copies.add(twin);
    }
    return copy;
  }

  private Mount twin(Mount mount, Dentry top) {
    Mount twin = new Mount(this, top, 0, mount.source());
    twin.setFlags(mount.flags());
    return twin;
  }

  /** Takes a copy away that was not mounted anywhere, with all below it. */
  public synchronized void drop(Mount copy) {
    if (copy.mountpoint() == null && !copy.equals(root)) {
      takeAway(copy);
    }
  }

  /**
   * Moves a mount with all that stands on it, or mounts a copy.
   *
   * @throws ErrnoException EINVAL for the root and for what stands on a shared mount, ELOOP for a
   *     place below itself, ENOTDIR
   */
  public synchronized void move(Mount mount, Location at) throws ErrnoException {
    Location from = mount.mountpoint();
    if (mount.equals(root) || (from != null && from.mount().propagation() == Propagation.SHARED)) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (at.inode().isDirectory() != mount.root().existing().isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    for (Location up = at; up != null; up = up.mount().mountpoint()) {
      if (up.mount().equals(mount)) {
        throw ErrnoException.of(Errno.ELOOP);
      }
    }
    mount.detach();
    attach(mount, at);
  }

  /**
   * Changes flags of a mount, of all below it or of none.
   *
   * @param set flags to set
   * @param clear flags to take away before that
   * @param recursive whether the mounts below change as well
   * @throws ErrnoException EBUSY when one shall become read-only through which somebody writes
   */
  public synchronized void change(Mount mount, int set, int clear, boolean recursive)
      throws ErrnoException {
    List<Mount> all = recursive ? tree(mount) : List.of(mount);
    for (Mount each : all) {
      boolean becomes = (set & MountFlags.RDONLY) != 0 && !each.has(MountFlags.RDONLY);
      if (becomes && each.isWritten()) {
        throw ErrnoException.of(Errno.EBUSY);
      }
    }
    for (Mount each : all) {
      int next = (each.flags() & ~clear) | set;
      boolean times = ((set | clear) & MountFlags.ATIME) != 0;
      each.setFlags(times ? MountFlags.ofMount(next) : next);
    }
  }

  /** Says whether mounts upon a mount are passed on. */
  public synchronized void propagate(Mount mount, Propagation next, boolean recursive) {
    (recursive ? tree(mount) : List.of(mount)).forEach(each -> each.setPropagation(next));
  }

  /**
   * pivot_root(2): puts one mount in the place of another, which moves below it.
   *
   * @param now the root directory of who asks; the root of a mount
   * @param next the root of another mount, the new root directory
   * @param putOld where the old one goes, at or below the new one
   * @throws ErrnoException EBUSY, EINVAL, ENOTDIR, ENOENT
   */
  public synchronized void pivot(Location now, Location next, Location putOld)
      throws ErrnoException {
    if (!next.inode().isDirectory() || !putOld.inode().isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    if (next.dentry().removed() || putOld.dentry().removed()) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    Mount oldRoot = now.mount();
    Mount newRoot = next.mount();
    if (newRoot.equals(oldRoot) || putOld.mount().equals(oldRoot)) {
      throw ErrnoException.of(Errno.EBUSY);
    }
    Location newPoint = newRoot.mountpoint();
    Location oldPoint = oldRoot.mountpoint();
    if (newPoint == null
        || !now.dentry().equals(oldRoot.root())
        || !next.dentry().equals(newRoot.root())
        || (oldPoint == null && !oldRoot.equals(root))
        || !isBelow(next, now)
        || !isBelow(putOld, next)
        || newPoint.mount().propagation() == Propagation.SHARED
        || newRoot.propagation() == Propagation.SHARED
        || (oldPoint != null && oldPoint.mount().propagation() == Propagation.SHARED)) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    newRoot.detach();
    oldRoot.detach();
    oldRoot.attach(putOld);
    if (oldPoint == null) {
      root = newRoot;
    } else {
      newRoot.attach(oldPoint);
    }
    CHANGES.incrementAndGet();
  }

  /** Whether a place is another one or lies below it, through whatever mounts. */
  private static boolean isBelow(Location place, Location above) {
    for (Location at = place; at != null; at = at.mount().mountpoint()) {
      if (at.mount().equals(above.mount())) {
        return at.dentry().isBelow(above.dentry());
      }
    }
    return false;
  }

  /**
   * Takes a mount out of the tree.
   *
   * @param detach take it out with all below even when it is in use (MNT_DETACH)
   * @throws ErrnoException EINVAL for the root or what is not mounted, EBUSY
   */
  public synchronized void unmount(Mount mount, boolean detach) throws ErrnoException {
    if (mount.mountpoint() == null) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (!detach && (!mount.children().isEmpty() || mount.inUse())) {
      throw ErrnoException.of(Errno.EBUSY);
    }
    takeAway(mount);
  }

  /**
   * Takes a mount out of the tree that nobody used since this was called before (MNT_EXPIRE).
   *
   * @throws ErrnoException EAGAIN the first time, and as {@link #unmount}
   */
  public synchronized void expire(Mount mount) throws ErrnoException {
    if (mount.equals(root) || !mount.children().isEmpty() || mount.inUse()) {
      throw ErrnoException.of(Errno.EBUSY);
    }
    if (!mount.expire()) {
      throw ErrnoException.of(Errno.EAGAIN);
    }
    unmount(mount, false);
  }

  private void takeAway(Mount mount) {
    List<Mount> gone = tree(mount);
    for (int i = gone.size() - 1; i >= 0; i--) {
      gone.get(i).detach();
    }
    count -= gone.size();
    CHANGES.incrementAndGet();
    List<Mount> rest = tree(root);
    for (Mount each : gone) {
      FileSystem fileSystem = each.fileSystem();
      boolean used =
          gone.stream()
              .anyMatch(other -> other.inUse() && other.root().fileSystem().equals(fileSystem));
      if (!used && rest.stream().noneMatch(other -> other.fileSystem().equals(fileSystem))) {
        fileSystem.close();
      }
    }
  }

  /** All mounts, each after the one it stands on. */
  public synchronized List<Mount> mounts() {
    return tree(root);
  }

  private static List<Mount> tree(Mount top) {
    List<Mount> all = new ArrayList<>(List.of(top));
    for (int i = 0; i < all.size(); i++) {
      List<Mount> below = new ArrayList<>(all.get(i).children());
      below.sort((a, b) -> Integer.compare(a.id(), b.id()));
      all.addAll(below);
    }
    return all;
  }
}
