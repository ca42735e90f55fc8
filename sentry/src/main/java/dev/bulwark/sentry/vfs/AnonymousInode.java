package dev.bulwark.sentry.vfs;

import dev.bulwark.sentry.auth.Credentials;
import java.time.Instant;

/**
 * The inode of a pipe, a socket or another file that no directory names. Immutable.
 *
 * @param attributes what fstat(2) tells
 * @param describe what the link in /proc/PID/fd says
 */
public record AnonymousInode(Attributes attributes, String describe) implements FileIdentity {
  /** The device number of pipes. */
  public static final long PIPEFS = 14;

  /** The device number of sockets. */
  public static final long SOCKFS = 8;

  /** The device number of everything else. */
  public static final long ANON_INODEFS = 15;

  private static final int BLOCK_SIZE = 4096;

  /** The one inode that event descriptors, timers and their like share on Linux. */
  private static final long SHARED_INODE = 1;

  private static AnonymousInode of(
      long device, long number, int mode, int uid, int gid, String description) {
    Instant now = Instant.now();
    long time = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    return new AnonymousInode(
        new Attributes(device, number, mode, 1, uid, gid, 0, 0, BLOCK_SIZE, 0, time, time, time, 0),
        description);
  }

  /** The inode of a new pipe. */
  public static AnonymousInode pipe(long number, Credentials owner) {
    return of(
        PIPEFS,
        number,
        Attributes.FIFO | 0600,
        owner.fsuid(),
        owner.fsgid(),
        "pipe:[" + number + "]");
  }

  /** The inode of a new socket. */
  public static AnonymousInode socket(long number, Credentials owner) {
    return of(
        SOCKFS,
        number,
        Attributes.SOCKET | 0777,
        owner.fsuid(),
        owner.fsgid(),
        "socket:[" + number + "]");
  }

  /**
   * The inode of a file without contents; Linux gives it no type bits.
   *
   * @param name the kind of file in brackets, such as {@code [eventfd]}
   */
  public static AnonymousInode named(String name) {
    return of(ANON_INODEFS, SHARED_INODE, 0600, 0, 0, "anon_inode:" + name);
  }
}
