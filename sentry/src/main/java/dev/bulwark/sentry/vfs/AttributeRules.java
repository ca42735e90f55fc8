package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;

/** Changes of attributes with the checks that go before them: chmod(2), chown(2), utimensat(2). */
public final class AttributeRules {
  /** An identity argument that means no change. */
  public static final int UNCHANGED = -1;

  private static final int SETUID = 04000;
  private static final int SETGID = 02000;

  private AttributeRules() {}

  /**
   * chmod(2).
   *
   * @throws ErrnoException EROFS, EPERM for who does not own it, EOPNOTSUPP for a symbolic link
   */
  public static void chmod(Location at, int mode, Credentials who) throws ErrnoException {
    at.mount().checkWritable();
    Inode inode = at.inode();
    if (inode.isSymlink()) {
      throw ErrnoException.of(Errno.EOPNOTSUPP);
    }
    Attributes now = inode.attributes();
    if (!Permission.owns(now.uid(), who)) {
      throw ErrnoException.of(Errno.EPERM);
    }
    int bits = mode & 07777;
    if (!who.inGroup(now.gid()) && !who.has(Capability.FSETID)) {
      bits &= ~SETGID;
    }
    inode.setAttributes(AttributeChange.ofMode(bits));
    FileEvents.attributes(at.dentry());
  }

  /**
   * chown(2).
   *
   * @param uid new owner, or {@link #UNCHANGED}
   * @param gid new group, or {@link #UNCHANGED}
   * @throws ErrnoException EROFS, EPERM
   */
  public static void chown(Location at, int uid, int gid, Credentials who) throws ErrnoException {
    at.mount().checkWritable();
    Inode inode = at.inode();
    Attributes now = inode.attributes();
    boolean owner = who.fsuid() == now.uid();
    if (!who.has(Capability.CHOWN)) {
      boolean userAllowed = uid == UNCHANGED || (owner && uid == now.uid());
      boolean groupAllowed = gid == UNCHANGED || (owner && (gid == now.gid() || who.inGroup(gid)));
      if (!userAllowed || !groupAllowed) {
        throw ErrnoException.of(Errno.EPERM);
      }
    }
    int valid = 0;
    valid |= uid == UNCHANGED ? 0 : AttributeChange.UID;
    valid |= gid == UNCHANGED ? 0 : AttributeChange.GID;
    AttributeChange change = new AttributeChange(valid, 0, uid, gid, 0, 0, 0);
    int bits = now.mode() & 07777;
    int kept = bits;
    if (!inode.isDirectory()) {
      kept &= ~SETUID;
      boolean means = (bits & 010) != 0 || !(who.inGroup(now.gid()) || who.has(Capability.FSETID));
      if (means) {
        kept &= ~SETGID;
      }
    }
    inode.setAttributes(kept == bits ? change : change.withMode(kept));
    FileEvents.attributes(at.dentry());
  }

  /**
   * utimensat(2) with given times.
   *
   * @param accessed nanoseconds since the epoch; counts when {@code valid} says so
   * @param modified nanoseconds since the epoch; counts when {@code valid} says so
   * @param valid of {@link AttributeChange#ACCESSED} and {@link AttributeChange#MODIFIED}
   * @param touch whether both become now, which whoever may write the file can do
   * @throws ErrnoException EROFS, EPERM, EACCES
   */
  public static void times(
      Location at, int valid, long accessed, long modified, boolean touch, Credentials who)
      throws ErrnoException {
    at.mount().checkWritable();
    Inode inode = at.inode();
    if (!Permission.owns(inode.attributes().uid(), who)) {
      if (!touch) {
        throw ErrnoException.of(Errno.EPERM);
      }
      inode.checkPermission(Permission.WRITE, who);
    }
    inode.setAttributes(new AttributeChange(valid, 0, 0, 0, 0, accessed, modified));
    FileEvents.attributes(at.dentry());
  }

  /**
   * Sets the length of a regular file; the right to write it was checked.
   *
   * @throws ErrnoException EFBIG, ENOSPC, EPERM
   */
  public static void truncate(Location at, long size, Credentials who) throws ErrnoException {
    Inode inode = at.inode();
    if (size > inode.maximumSize()) {
      throw ErrnoException.of(Errno.EFBIG);
    }
    AttributeChange change = AttributeChange.ofSize(size);
    int now = inode.attributes().mode();
    int stripped = InodeFile.stripped(now);
    if (stripped != now && !who.has(Capability.FSETID)) {
      change = change.withMode(stripped);
    }
    inode.setAttributes(change);
    FileEvents.modified(at.dentry());
  }
}
