package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;

/**
 * An inode whose attributes the Sentry itself keeps. Changes are made under its monitor; single
 * attributes can be read without.
 */
public abstract class MemoryInode extends Inode {
  private static final long DAY = 86_400 * FileClock.SECOND;
  private static final int BLOCK_SIZE = 4096;

  private final long number;
  private final long born;
  private volatile int mode;
  private volatile int uid;
  private volatile int gid;
  private volatile int links = 1;
  private volatile long accessed;
  private volatile long modified;
  private volatile long changed;

  /**
   * An inode with one link, made now.
   *
   * @param number within the file system
   * @param file type, permission bits, and owner
   */
  protected MemoryInode(FileSystem fileSystem, long number, NewFile file) {
    super(fileSystem, file.mode());
    this.number = number;
    this.mode = file.mode();
    this.uid = file.uid();
    this.gid = file.gid();
    this.born = FileClock.now();
    this.accessed = born;
    this.modified = born;
    this.changed = born;
  }

  /** Its number within the file system. */
  public final long number() {
    return number;
  }

  /** Type and permission bits. */
  public final int mode() {
    return mode;
  }

  /** The hard links. */
  public final int links() {
    return links;
  }

  /** One name more or less, or a subdirectory; the time of change becomes now. */
  protected final synchronized void countLinks(int change) {
    links += change;
    changed = FileClock.now();
  }

  /** Contents changed now. */
  public final void touchModified() {
    long now = FileClock.now();
    modified = now;
    changed = now;
  }

  /** Attributes changed now. */
  public final void touchChanged() {
    changed = FileClock.now();
  }

  /** By the rules of relatime: when the noted access is older than a change, or than a day. */
  @Override
  public void touchAccessed() {
    long last = accessed;
    if (last <= modified || last <= changed) {
      accessed = FileClock.now();
    } else {
      long now = FileClock.now();
      if (now - last >= DAY) {
        accessed = now;
      }
    }
  }

  @Override
  public long size() throws ErrnoException {
    return 0;
  }

  /** Memory that the contents take, in units of 512 bytes. */
  protected long blocks() {
    return 0;
  }

  /** The device number of a device node. */
  protected long special() {
    return 0;
  }

  @Override
  public Attributes attributes() throws ErrnoException {
    return new Attributes(
        fileSystem().device(),
        number,
        mode,
        links,
        uid,
        gid,
        special(),
        size(),
        BLOCK_SIZE,
        blocks(),
        accessed,
        modified,
        changed,
        born);
  }

  @Override
  public void checkPermission(int wanted, Credentials credentials) throws ErrnoException {
    Permission.check(mode, uid, gid, wanted, credentials);
  }

  @Override
  public synchronized void setAttributes(AttributeChange change) throws ErrnoException {
    if (change.has(AttributeChange.SIZE)) {
      truncate(change.size());
    }
    if (change.has(AttributeChange.MODE)) {
      mode = (mode & Attributes.TYPE_MASK) | change.mode();
    }
    if (change.has(AttributeChange.UID)) {
      uid = change.uid();
    }
    if (change.has(AttributeChange.GID)) {
      gid = change.gid();
    }
    if (change.has(AttributeChange.ACCESSED)) {
      accessed = change.accessed();
    }
    if (change.has(AttributeChange.MODIFIED)) {
      modified = change.modified();
    }
    changed = FileClock.now();
  }

  /**
   * Sets the length; called with the monitor held. The times of modification and change become now.
   *
   * @throws ErrnoException EINVAL for what has no length, ENOSPC, EFBIG, EPERM
   */
  protected void truncate(long size) throws ErrnoException {
    throw ErrnoException.of(Errno.EINVAL);
  }
}
