package dev.bulwark.sentry.ipc;

import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.mm.SharedMemory;
import java.nio.ByteBuffer;
import java.util.Locale;

/** A segment of shared memory. Guarded by the lock of its system. */
final class Segment extends IpcObject {
  /** Size of {@code struct shmid64_ds}. */
  static final int SIZE = 112;

  /** SHM_DEST: to be removed with the last attachment. */
  static final int DESTROY = 01000;

  /** SHM_LOCKED. */
  static final int LOCKED = 02000;

  private final SharedMemory memory;
  private final long bytes;
  private final int creatorPid;
  private final String mapsName;
  private int lastPid;
  private long attachments;
  private long attachedAt;
  private long detachedAt;

  /**
   * A segment that nobody has attached.
   *
   * @param memory held by this
   * @param bytes as they were asked for
   */
  Segment(int key, int mode, Credentials owner, SharedMemory memory, long bytes, int pid) {
    super(key, mode, owner);
    this.memory = memory;
    this.bytes = bytes;
    this.creatorPid = pid;
    this.mapsName = String.format(Locale.ROOT, "/SYSV%08x (deleted)", key);
  }

  SharedMemory memory() {
    return memory;
  }

  long bytes() {
    return bytes;
  }

  long attachments() {
    return attachments;
  }

  String mapsName() {
    return mapsName;
  }

  /** Counts an attachment that came or went; {@code pid} is whose, or 0 when nobody's. */
  void count(int change, int pid) {
    attachments += change;
    if (pid != 0) {
      lastPid = pid;
    }
    if (change > 0) {
      attachedAt = seconds();
    } else {
      detachedAt = seconds();
    }
  }

  /** The C structure. */
  void storeAll(ByteBuffer to) {
    store(to);
    to.putLong(48, bytes);
    to.putLong(56, attachedAt).putLong(64, detachedAt).putLong(72, changed());
    to.putInt(80, creatorPid).putInt(84, lastPid).putLong(88, attachments);
  }

  /** The line of /proc/sysvipc/shm. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%10d %10d  %4o %21d %5d %5d  %5d %s %10d %10d %10d %21d %21d\n",
        key(),
        id(),
        mode(),
        bytes,
        creatorPid,
        lastPid,
        attachments,
        owners(),
        attachedAt,
        detachedAt,
        changed(),
        memory.resident(),
        0);
  }
}
