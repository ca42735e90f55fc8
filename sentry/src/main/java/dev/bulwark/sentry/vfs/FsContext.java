package dev.bulwark.sentry.vfs;

import dev.bulwark.sentry.auth.Credentials;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where relative and absolute paths of a task begin, and what new files may not be: root directory,
 * working directory and umask. Tasks that were cloned with {@code CLONE_FS} share it; it is counted
 * by {@link #share} and {@link #close}. Thread-safe.
 */
public final class FsContext implements AutoCloseable {
  private final AtomicInteger users = new AtomicInteger(1);
  private volatile Location root;
  private volatile Location cwd;
  private volatile int umask;

  /** A context with one user. */
  public FsContext(Location root, Location cwd, int umask) {
    this.root = root;
    this.cwd = cwd;
    this.umask = umask;
    root.mount().use();
    cwd.mount().use();
  }

  /** A context whose working directory is its root, with the umask 022. */
  public static FsContext at(Location root) {
    return new FsContext(root, root, 0022);
  }

  /** Notes one more task that uses it. */
  public FsContext share() {
    users.incrementAndGet();
    return this;
  }

  /** How many tasks use it. */
  public int users() {
    return users.get();
  }

  /** Whether more than one task uses it. */
  public boolean shared() {
    return users.get() > 1;
  }

  /** The same again, as fork(2) makes it. */
  public synchronized FsContext copy() {
    return new FsContext(root, cwd, umask);
  }

  /** The root directory. */
  public Location root() {
    return root;
  }

  /** chroot(2): replaces the root directory. */
  public synchronized void setRoot(Location next) {
    next.mount().use();
    root.mount().unuse();
    root = next;
  }

  /** The working directory. */
  public Location cwd() {
    return cwd;
  }

  /** chdir(2): replaces the working directory. */
  public synchronized void setCwd(Location next) {
    next.mount().use();
    cwd.mount().unuse();
    cwd = next;
  }

  /** Replaces the root and the working directory where they are a place, by another. */
  public synchronized void replace(Location old, Location next) {
    if (root.same(old)) {
      setRoot(next);
    }
    if (cwd.same(old)) {
      setCwd(next);
    }
  }

  /** Permission bits that new files do not get. */
  public int umask() {
    return umask;
  }

  /**
   * Replaces the umask.
   *
   * @return the old one
   */
  public synchronized int setUmask(int next) {
    int old = umask;
    umask = next & 0777;
    return old;
  }

  /** A walk of paths that are relative to the working directory. */
  public PathWalk walk(Credentials credentials) {
    return new PathWalk(root, cwd, credentials, 0);
  }

  /**
   * A walk of paths that are relative to another directory.
   *
   * @param resolve {@link ResolveFlags}
   */
  public PathWalk walk(Location base, Credentials credentials, int resolve) {
    return new PathWalk(root, base, credentials, resolve);
  }

  /** The absolute path of a place as its tasks see it; see {@link PathName#of}. */
  public String path(Location location) {
    return PathName.of(location, root);
  }

  /** One user less; the last one lets go of the directories. */
  @Override
  public void close() {
    if (users.decrementAndGet() == 0) {
      root.mount().unuse();
      cwd.mount().unuse();
    }
  }
}
