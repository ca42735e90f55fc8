package dev.bulwark.sentry.vfs;

import dev.bulwark.sentry.ErrnoException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A tree of inodes that can be mounted: a tmpfs, a connection to the Gofer, /proc. Thread-safe, and
 * so are its inodes.
 */
public abstract class FileSystem implements AutoCloseable {
  private final String type;
  private final long device;
  private final DentryCache dentries;
  private final ReentrantLock renames = new ReentrantLock();
  private @Nullable Dentry root;
  private volatile boolean readOnly;

  /**
   * A file system with a device number of its own.
   *
   * @param type its name in /proc/filesystems
   */
  protected FileSystem(String type) {
    this(type, DentryCache.DEFAULT_CAPACITY);
  }

  /**
   * A file system with a device number of its own.
   *
   * @param type its name in /proc/filesystems
   * @param capacity how many names to keep that nobody uses
   */
  protected FileSystem(String type, int capacity) {
    this.type = type;
    this.device = DeviceNumber.anonymous();
    this.dentries = new DentryCache(capacity);
  }

  /** Its name in /proc/filesystems. */
  public final String type() {
    return type;
  }

  /** The number that stat(2) shows as the device of its files. */
  public final long device() {
    return device;
  }

  /** The inode of its root, always the same one. */
  protected abstract Inode root();

  /** The name at its root. */
  public final synchronized Dentry rootDentry() {
    Dentry now = root;
    if (now == null) {
      now = new Dentry(this, null, "", root());
      root = now;
    }
    return now;
  }

  final DentryCache dentries() {
    return dentries;
  }

  /** Held while a directory moves, so that the tree's shape stays and no cycle can come about. */
  final ReentrantLock renames() {
    return renames;
  }

  /** Whether nothing in it can be changed, through whatever mount. */
  public final boolean readOnly() {
    return readOnly;
  }

  /** Forbids or admits changes. */
  public final void setReadOnly(boolean now) {
    readOnly = now;
  }

  /** Figures for statfs(2). */
  public abstract Statfs statfs() throws ErrnoException;

  /** Options for /proc/mounts, each with a comma before it, such as {@code ,size=64k}. */
  public String options() {
    return "";
  }

  /**
   * Whether a name that was looked up before still stands for the same inode, or for none. Asked at
   * every use, so it must be quick.
   *
   * @param name a name of this file system; its inode is null when the name was found to be free
   */
  protected boolean valid(Dentry name) throws ErrnoException {
    return true;
  }

  /**
   * The time that {@link Dentry#confirmed} counts in, for a file system whose names are true for a
   * while only.
   */
  protected long clock() {
    return 0;
  }

  /** Whether it is worth remembering that a name does not exist. */
  protected boolean cachesAbsence() {
    return true;
  }

  /**
   * Changes mount options (mount(2) with MS_REMOUNT).
   *
   * @param options as given, separated by commas
   * @throws ErrnoException EINVAL
   */
  public void remount(String options) throws ErrnoException {}

  /** Writes what is pending (syncfs(2)). */
  public void sync() throws ErrnoException {}

  /** The last mount of it is gone. Files that are still open go on working. */
  @Override
  public void close() {}

  @Override
  public String toString() {
    return type;
  }
}
