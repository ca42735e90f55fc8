package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import org.jspecify.annotations.Nullable;

/**
 * One walk along a path (path_resolution(7)), with the restrictions of openat2(2). An object serves
 * one path on one thread, since it counts the links that were followed.
 */
public final class PathWalk {
  /** How many symbolic links one path may lead through. */
  public static final int MAX_LINKS = 40;

  /**
   * The directory in which a path ends, and the last name.
   *
   * @param directory a directory
   * @param name the last component; {@code .}, {@code ..}, or empty when the path was the root
   *     alone
   * @param slash whether the path ended in a slash, and so means a directory
   */
  public record Parent(Location directory, String name, boolean slash) {
    /** Whether the last component is a name, not a reference to this or another directory. */
    public boolean named() {
      return !name.isEmpty() && !name.equals(".") && !name.equals("..");
    }
  }

  private final Location base;
  private final Location root;
  private final Credentials credentials;
  private final int resolve;
  private final long changes = MountNamespace.CHANGES.get();
  private Mount mount;
  private Dentry dentry;
  private int links;

  /** What comes after the component at hand: a path, and where in it. */
  private String path = "";

  private int next;

  /**
   * A walk.
   *
   * @param root where absolute paths begin, and what {@code ..} does not leave
   * @param base where relative paths begin
   * @param credentials who must be allowed to search the directories
   * @param resolve {@link ResolveFlags}
   */
  public PathWalk(Location root, Location base, Credentials credentials, int resolve) {
    this.base = base;
    this.root = has(resolve, ResolveFlags.BENEATH | ResolveFlags.IN_ROOT) ? base : root;
    this.credentials = credentials;
    this.resolve = resolve;
    this.mount = base.mount();
    this.dentry = base.dentry();
  }

  private static boolean has(int flags, int any) {
    return (flags & any) != 0;
  }

  private boolean has(int any) {
    return has(resolve, any);
  }

  /** Who walks. */
  public Credentials credentials() {
    return credentials;
  }

  /** Where relative paths begin. */
  public Location base() {
    return base;
  }

  /**
   * Finds what a path names.
   *
   * @param follow whether a symbolic link at the end is followed; one before a slash always is
   * @throws ErrnoException ENOENT (also for the empty path), ENOTDIR, EACCES, ELOOP, ENAMETOOLONG,
   *     EXDEV and EAGAIN by {@link ResolveFlags}
   */
  public Location find(String path, boolean follow) throws ErrnoException {
    Parent parent = parent(path);
    step(parent.name(), follow || parent.slash());
    if (parent.slash() && !dentry.existing().isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    return here();
  }

  /**
   * Walks to the directory in which the last component is to be found, and leaves that one alone.
   *
   * @throws ErrnoException as {@link #find}
   */
  public Parent parent(String path) throws ErrnoException {
    if (path.isEmpty()) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    mount = base.mount();
    dentry = base.dentry();
    return continueTo(path);
  }

  /**
   * Goes on through a symbolic link that {@link #parent} ended at.
   *
   * @throws ErrnoException as {@link #find}
   */
  public Parent through(Parent parent, Inode link) throws ErrnoException {
    mount = parent.directory().mount();
    dentry = parent.directory().dentry();
    return continueTo(target(link));
  }

  /** What the last component of a path stands for, mounts included; not followed if a link. */
  public Location child(Parent parent) throws ErrnoException {
    mount = parent.directory().mount();
    dentry = parent.directory().dentry();
    down(parent.name());
    return here();
  }

  /** Goes where a link of /proc leads, if it is one that leads past names. */
  public @Nullable Location magic(Inode link) throws ErrnoException {
    Location to = link.magicLink(credentials);
    if (to == null) {
      return null;
    }
    if (has(ResolveFlags.NO_MAGICLINKS)) {
      throw ErrnoException.of(Errno.ELOOP);
    }
    if (has(ResolveFlags.BENEATH | ResolveFlags.IN_ROOT)
        || (has(ResolveFlags.NO_XDEV) && !to.mount().equals(mount))) {
      throw ErrnoException.of(Errno.EXDEV);
    }
    countLink();
    return to;
  }

  private Location here() {
    return new Location(mount, dentry);
  }

  private Parent continueTo(String path) throws ErrnoException {
    int length = path.length();
    int at = 0;
    if (path.charAt(0) == '/') {
      if (has(ResolveFlags.BENEATH)) {
        throw ErrnoException.of(Errno.EXDEV);
      }
      if (has(ResolveFlags.NO_XDEV) && !root.mount().equals(mount)) {
        throw ErrnoException.of(Errno.EXDEV);
      }
      mount = root.mount();
      dentry = root.dentry();
      at = skipSlashes(path, 0);
    }
    if (at == length) {
      return new Parent(here(), "", true);
    }
    while (true) {
      int end = path.indexOf('/', at);
      if (end < 0) {
        end = length;
      }
      int after = skipSlashes(path, end);
      String name = path.substring(at, end);
      checkSearch();
      if (after == length) {
        return new Parent(here(), name, after > end);
      }
      this.path = path;
      this.next = after;
      step(name, true);
      at = after;
    }
  }

  private static int skipSlashes(String path, int from) {
    int at = from;
    while (at < path.length() && path.charAt(at) == '/') {
      at++;
    }
    return at;
  }

  private void checkSearch() throws ErrnoException {
    Inode directory = dentry.existing();
    if (!directory.isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    directory.checkPermission(Permission.EXECUTE, credentials);
  }

  /** Goes to a component, which must exist; the right to search was checked. */
  private void step(String name, boolean follow) throws ErrnoException {
    switch (name) {
      case "", "." -> {}
      case ".." -> up();
      default -> {
        Mount fromMount = mount;
        Dentry from = dentry;
        down(name);
        Inode inode = dentry.inode();
        if (inode == null) {
          throw ErrnoException.of(Errno.ENOENT);
        }
        if (inode.isSymlink() && follow) {
          mount = fromMount;
          dentry = from;
          follow(inode);
        }
      }
    }
  }

  private void follow(Inode link) throws ErrnoException {
    if (has(ResolveFlags.NO_SYMLINKS) || mount.has(MountFlags.NOSYMFOLLOW)) {
      throw ErrnoException.of(Errno.ELOOP);
    }
    Location to = magic(link);
    if (to != null) {
      mount = to.mount();
      dentry = to.dentry();
      return;
    }
    Parent last = continueTo(target(link));
    step(last.name(), true);
    if (last.slash() && !dentry.existing().isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
  }

  private String target(Inode link) throws ErrnoException {
    if (has(ResolveFlags.NO_SYMLINKS)) {
      throw ErrnoException.of(Errno.ELOOP);
    }
    countLink();
    if (!mount.has(MountFlags.NOATIME) && !mount.readOnly()) {
      link.touchAccessed();
    }
    String target = link.readlink();
    if (target.isEmpty()) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    return target;
  }

  private void countLink() throws ErrnoException {
    links++;
    if (links > MAX_LINKS) {
      throw ErrnoException.of(Errno.ELOOP);
    }
  }

  private void down(String name) throws ErrnoException {
    if (has(ResolveFlags.CACHED)) {
      Dentry known = dentry.remembered(name);
      if (known == null || !dentry.fileSystem().valid(known)) {
        throw ErrnoException.of(Errno.EAGAIN);
      }
      dentry = known;
    } else {
      dentry = dentry.child(name, path, next);
      path = "";
      next = 0;
    }
    enterMounts();
  }

  private void enterMounts() throws ErrnoException {
    while (dentry.isMountpoint()) {
      Mount over = mount.child(dentry);
      if (over == null) {
        return;
      }
      if (has(ResolveFlags.NO_XDEV)) {
        throw ErrnoException.of(Errno.EXDEV);
      }
      mount = over;
      dentry = over.root();
    }
  }

  private void up() throws ErrnoException {
    while (true) {
      if (mount.equals(root.mount()) && dentry.equals(root.dentry())) {
        if (has(ResolveFlags.BENEATH)) {
          throw ErrnoException.of(Errno.EXDEV);
        }
        return;
      }
      if (!dentry.equals(mount.root())) {
        break;
      }
      Location point = mount.mountpoint();
      if (point == null) {
        return;
      }
      if (has(ResolveFlags.NO_XDEV)) {
        throw ErrnoException.of(Errno.EXDEV);
      }
      mount = point.mount();
      dentry = point.dentry();
    }
    Dentry parent = dentry.parent();
    if (parent != null) {
      dentry = parent;
    }
    // A directory that moved meanwhile could have taken us out of the tree below the start.
    if (has(ResolveFlags.BENEATH | ResolveFlags.IN_ROOT)
        && MountNamespace.CHANGES.get() != changes) {
      throw ErrnoException.of(Errno.EAGAIN);
    }
    enterMounts();
  }
}
