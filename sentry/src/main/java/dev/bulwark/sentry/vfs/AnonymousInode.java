package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;

/**
 * The inode of a pipe, a socket or another file that no directory names. Thread-safe: its monitor
 * guards changes.
 */
public final class AnonymousInode implements FileIdentity {
  /** The device number of pipes. */
  public static final long PIPEFS = 14;

  /** The device number of sockets. */
  public static final long SOCKFS = 8;

  /** The device number of everything else. */
  public static final long ANON_INODEFS = 15;

  private static final int BLOCK_SIZE = 4096;

  /** The one inode that event descriptors, timers and their like share on Linux. */
  private static final long SHARED_INODE = 1;

  private final String description;
  private final boolean shared;
  private volatile Attributes attributes;

  private AnonymousInode(
      long device, long number, int mode, int uid, int gid, String description, boolean shared) {
    long time = FileClock.now();
    this.description = description;
    this.shared = shared;
    this.attributes =
        new Attributes(device, number, mode, 1, uid, gid, 0, 0, BLOCK_SIZE, 0, time, time, time, 0);
  }

  /** The inode of a new pipe. */
  public static AnonymousInode pipe(long number, Credentials owner) {
    return owned(PIPEFS, number, Attributes.FIFO | 0600, owner, "pipe:[" + number + "]");
  }

  /** The inode of a new socket. */
  public static AnonymousInode socket(long number, Credentials owner) {
    return owned(SOCKFS, number, Attributes.SOCKET | 0777, owner, "socket:[" + number + "]");
  }

  private static AnonymousInode owned(
      long device, long number, int mode, Credentials owner, String description) {
    return new AnonymousInode(
        device, number, mode, owner.fsuid(), owner.fsgid(), description, false);
  }

  /**
   * The inode of a file without contents; Linux gives it no type bits.
   *
   * @param name the kind of file in brackets, such as {@code [eventfd]}
   */
  public static AnonymousInode named(String name) {
    return new AnonymousInode(ANON_INODEFS, SHARED_INODE, 0600, 0, 0, "anon_inode:" + name, true);
  }

  @Override
  public Attributes attributes() {
    return attributes;
  }

  @Override
  public synchronized void setAttributes(AttributeChange change) throws ErrnoException {
    if (shared) {
      throw ErrnoException.of(Errno.EOPNOTSUPP);
    }
    if (change.has(AttributeChange.SIZE)) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    Attributes old = attributes;
    attributes =
        new Attributes(
            old.device(),
            old.inode(),
            change.has(AttributeChange.MODE) ? old.type() | change.mode() : old.mode(),
            old.links(),
            change.has(AttributeChange.UID) ? change.uid() : old.uid(),
            change.has(AttributeChange.GID) ? change.gid() : old.gid(),
            old.special(),
            old.size(),
            old.blockSize(),
            old.blocks(),
            change.has(AttributeChange.ACCESSED) ? change.accessed() : old.accessed(),
            change.has(AttributeChange.MODIFIED) ? change.modified() : old.modified(),
            FileClock.now(),
            old.born());
  }

  @Override
  public String describe() {
    return description;
  }
}
