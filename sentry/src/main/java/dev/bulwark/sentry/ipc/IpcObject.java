package dev.bulwark.sentry.ipc;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.vfs.FileClock;
import java.nio.ByteBuffer;

/**
 * What segments, sets and queues have in common ({@code struct ipc64_perm}). Guarded by the lock of
 * its system.
 */
abstract class IpcObject {
  /** Size of the C structure. */
  static final int PERM_SIZE = 48;

  static final int READ = 0444;
  static final int WRITE = 0222;
  private static final int PERMISSIONS = 0777;

  private final int creator;
  private final int creatorGroup;
  private int key;
  private int id;
  private int sequence;
  private int uid;
  private int gid;
  private int mode;
  private boolean removed;
  private long changed = seconds();

  IpcObject(int key, int mode, Credentials owner) {
    this.key = key;
    this.mode = mode & PERMISSIONS;
    this.creator = owner.euid();
    this.creatorGroup = owner.egid();
    this.uid = creator;
    this.gid = creatorGroup;
  }

  /** Now, in seconds since the epoch. */
  static long seconds() {
    return FileClock.now() / FileClock.SECOND;
  }

  final int key() {
    return key;
  }

  final int id() {
    return id;
  }

  final int mode() {
    return mode;
  }

  final boolean removed() {
    return removed;
  }

  /** When it was made, or changed by a control command, in seconds since the epoch. */
  final long changed() {
    return changed;
  }

  final void touch() {
    changed = seconds();
  }

  final void addMode(int bits) {
    mode |= bits;
  }

  final void clearMode(int bits) {
    mode &= ~bits;
  }

  final void number(int newId, int newSequence) {
    id = newId;
    sequence = newSequence;
  }

  /** Its key finds it no more. */
  final void hide() {
    key = IpcTable.PRIVATE;
  }

  final void markRemoved() {
    removed = true;
  }

  /**
   * Checks permissions (ipcperms).
   *
   * @param wanted permission bits; those of owner, group and others are taken together
   * @throws ErrnoException EACCES
   */
  final void check(int wanted, Credentials who) throws ErrnoException {
    int requested = wanted >> 6 | wanted >> 3 | wanted;
    int granted = mode;
    if (who.euid() == creator || who.euid() == uid) {
      granted >>= 6;
    } else if (who.inGroup(creatorGroup) || who.inGroup(gid)) {
      granted >>= 3;
    }
    if ((requested & ~granted & 7) != 0 && !who.has(Capability.IPC_OWNER)) {
      throw ErrnoException.of(Errno.EACCES);
    }
  }

  /** Whether somebody is the owner or the creator. */
  final boolean ownedBy(Credentials who) {
    return who.euid() == uid || who.euid() == creator;
  }

  /**
   * Checks that somebody may change or remove it.
   *
   * @throws ErrnoException EPERM
   */
  final void checkOwner(Credentials who) throws ErrnoException {
    if (!ownedBy(who) && !who.has(Capability.SYS_ADMIN)) {
      throw ErrnoException.of(Errno.EPERM);
    }
  }

  /** IPC_SET: another owner and other permissions. */
  final void change(IpcChange to) throws ErrnoException {
    if (to.uid() == -1 || to.gid() == -1) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    uid = to.uid();
    gid = to.gid();
    mode = (mode & ~PERMISSIONS) | (to.mode() & PERMISSIONS);
    touch();
  }

  /** Stores the C structure at the beginning of a buffer. */
  final void store(ByteBuffer to) {
    to.putInt(0, key).putInt(4, uid).putInt(8, gid).putInt(12, creator).putInt(16, creatorGroup);
    to.putInt(20, mode).putShort(24, (short) sequence);
  }

  /** Owner and creator as /proc/sysvipc shows them. */
  final String owners() {
    return "%5s %5s %5s %5s"
        .formatted(
            Integer.toUnsignedString(uid),
            Integer.toUnsignedString(gid),
            Integer.toUnsignedString(creator),
            Integer.toUnsignedString(creatorGroup));
  }
}
