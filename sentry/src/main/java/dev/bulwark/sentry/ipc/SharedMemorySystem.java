package dev.bulwark.sentry.ipc;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.MemoryAccount;
import dev.bulwark.sentry.mm.Pages;
import dev.bulwark.sentry.mm.SharedMemory;
import java.nio.ByteBuffer;

/** The segments of a sandbox. Its monitor is the lock of all of them. */
final class SharedMemorySystem {
  /** The most segments (SHMMNI), and with them of attachments in a process. */
  static final int MAX_SEGMENTS = 4096;

  /** The most bytes of a segment (SHMMAX), and pages of all together (SHMALL). */
  static final long MAX_BYTES = -1L - (1L << 24);

  private static final String HEADER =
      "       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid "
          + " cgid      atime      dtime      ctime                   rss                  swap\n";

  private final IpcTable<Segment> segments = new IpcTable<>(MAX_SEGMENTS);

  /** What the info commands tell of all segments together. */
  record Sums(int segments, long pages, long residentPages, int highest) {}

  /** shmget(2). */
  synchronized int get(
      int key, long size, int flags, Credentials who, MemoryAccount account, int pid)
      throws ErrnoException {
    return segments.get(
        key,
        flags,
        who,
        found -> {
          if (Long.compareUnsigned(found.bytes(), size) < 0) {
            throw ErrnoException.of(Errno.EINVAL);
          }
        },
        () -> {
          if (size == 0 || Long.compareUnsigned(size, MAX_BYTES) > 0) {
            throw ErrnoException.of(Errno.EINVAL);
          }
          long rounded = Pages.up(size);
          if (rounded <= 0) {
            throw ErrnoException.of(Errno.ENOMEM);
          }
          SharedMemory memory = SharedMemory.held(account, rounded);
          return new Segment(key, flags, who, memory, size, pid);
        });
  }

  /**
   * What shmat(2) maps; the caller calls {@link Attachment#made} afterwards.
   *
   * @param wanted permission bits
   */
  synchronized Attachment attach(int id, int wanted, Credentials who) throws ErrnoException {
    Segment segment = segments.find(id);
    segment.check(wanted, who);
    return new Attachment(this, segment);
  }

  /** An address space has come to map a segment, or has ceased to. */
  synchronized void count(Segment segment, int change) {
    Task current = Task.current();
    segment.count(change, current == null ? 0 : current.process().pid());
    removeUnused(segment);
  }

  private void removeUnused(Segment segment) {
    if (segment.attachments() == 0
        && (segment.mode() & Segment.DESTROY) != 0
        && !segment.removed()) {
      segments.remove(segment);
      segment.memory().mapped(-1);
    }
  }

  /** IPC_RMID. */
  synchronized void remove(int id, Credentials who) throws ErrnoException {
    Segment segment = segments.find(id);
    segment.checkOwner(who);
    segments.hide(segment);
    segment.addMode(Segment.DESTROY);
    removeUnused(segment);
  }

  /** IPC_SET. */
  synchronized void set(int id, IpcChange change, Credentials who) throws ErrnoException {
    Segment segment = segments.find(id);
    segment.checkOwner(who);
    segment.change(change);
  }

  /**
   * SHM_LOCK and SHM_UNLOCK.
   *
   * @param mayLockAnything whether RLIMIT_MEMLOCK is not 0
   */
  synchronized void lock(int id, boolean on, Credentials who, boolean mayLockAnything)
      throws ErrnoException {
    Segment segment = segments.find(id);
    if (!who.has(Capability.IPC_LOCK) && (!segment.ownedBy(who) || (on && !mayLockAnything))) {
      throw ErrnoException.of(Errno.EPERM);
    }
    if (on) {
      segment.addMode(Segment.LOCKED);
    } else {
      segment.clearMode(Segment.LOCKED);
    }
  }

  /**
   * IPC_STAT and its kin.
   *
   * @param number an identifier, or an index
   * @param anybody whether permissions do not matter
   * @return the identifier
   */
  synchronized int stat(int number, boolean index, boolean anybody, Credentials who, ByteBuffer to)
      throws ErrnoException {
    Segment segment = index ? segments.at(number) : segments.find(number);
    if (!anybody) {
      segment.check(IpcObject.READ, who);
    }
    segment.storeAll(to);
    return segment.id();
  }

  synchronized Sums sums() {
    long pages = 0;
    long resident = 0;
    for (Segment segment : segments.all()) {
      pages += Pages.up(segment.bytes()) / Pages.SIZE;
      resident += segment.memory().resident() / Pages.SIZE;
    }
    return new Sums(segments.size(), pages, resident, segments.highest());
  }

  synchronized String text() {
    StringBuilder text = new StringBuilder(HEADER);
    for (Segment segment : segments.all()) {
      text.append(segment.line());
    }
    return text.toString();
  }
}
