package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The advisory locks on one file: those of fcntl(2), by range, and those of flock(2), on the whole
 * file. The two kinds do not see each other, as on Linux. Thread-safe; a caller that has to wait
 * hangs itself on {@link #queue} and tries again.
 */
public final class FileLocks {
  /** How many range locks there may be at all, so that no program fills the Sentry's memory. */
  private static final int MAXIMUM = 131072;

  private static final AtomicInteger ALL = new AtomicInteger();

  private final WaitQueue queue = new WaitQueue();
  private final List<FileLock> ranges = new ArrayList<>();
  private final List<FileLock> whole = new ArrayList<>();

  /** No locks. */
  FileLocks() {}

  /** Woken when a lock goes or shrinks. */
  public WaitQueue queue() {
    return queue;
  }

  /** The lock nearest to the file's beginning that stands in the way of another, or null. */
  public synchronized @Nullable FileLock conflict(FileLock wanted) {
    FileLock first = null;
    for (FileLock held : ranges) {
      if (held.conflicts(wanted) && (first == null || held.start() < first.start())) {
        first = held;
      }
    }
    return first;
  }

  /**
   * Takes a lock on a range, in place of what the owner holds there.
   *
   * @return the lock that is in the way, or null when it was taken
   * @throws ErrnoException ENOLCK when there are too many
   */
  public @Nullable FileLock lock(FileLock wanted) throws ErrnoException {
    synchronized (this) {
      FileLock other = conflict(wanted);
      if (other != null) {
        return other;
      }
      if (ALL.get() >= MAXIMUM) {
        throw ErrnoException.of(Errno.ENOLCK);
      }
      FileLock merged = cut(wanted, true);
      ranges.add(merged);
      ALL.incrementAndGet();
    }
    queue.wake(PollEvents.ALWAYS_READY); // an exclusive lock may have become a shared one
    return null;
  }

  /** Gives a range back. */
  public void unlock(FileLock range) {
    synchronized (this) {
      cut(range, false);
    }
    queue.wake(PollEvents.ALWAYS_READY);
  }

  /**
   * Takes a range out of the owner's locks.
   *
   * @param merge whether locks of the same kind that touch the range are taken in
   * @return the range with what was taken in
   */
  private FileLock cut(FileLock range, boolean merge) {
    long first = range.start();
    long last = range.end();
    List<FileLock> rest = new ArrayList<>();
    for (FileLock held : ranges) {
      if (!held.owner().equals(range.owner())) {
        rest.add(held);
        continue;
      }
      boolean touches =
          (held.end() == Long.MAX_VALUE || held.end() + 1 >= first)
              && (last == Long.MAX_VALUE || held.start() <= last + 1);
      if (merge && touches && held.exclusive() == range.exclusive()) {
        first = Math.min(first, held.start());
        last = Math.max(last, held.end());
      } else if (held.overlaps(range)) {
        if (held.start() < range.start()) {
          rest.add(held.within(held.start(), range.start() - 1));
        }
        if (held.end() > range.end()) {
          rest.add(held.within(range.end() + 1, held.end()));
        }
      } else {
        rest.add(held);
      }
    }
    ALL.addAndGet(rest.size() - ranges.size());
    ranges.clear();
    ranges.addAll(rest);
    return range.within(first, last);
  }

  /**
   * flock(2): takes the whole file for a description. What it held before is gone even when the new
   * lock has to wait, as on Linux.
   *
   * @return whether it was taken
   */
  public boolean lockWhole(FileDescription owner, boolean exclusive) {
    FileLock wanted = new FileLock(owner, exclusive, 0, Long.MAX_VALUE, -1);
    boolean changed;
    boolean taken;
    synchronized (this) {
      if (whole.contains(wanted)) {
        return true;
      }
      changed = whole.removeIf(held -> held.owner().equals(owner));
      taken = whole.stream().noneMatch(held -> held.conflicts(wanted));
      if (taken) {
        whole.add(wanted);
      }
    }
    if (changed) {
      queue.wake(PollEvents.ALWAYS_READY);
    }
    return taken;
  }

  /** flock(2) with LOCK_UN. */
  public void unlockWhole(FileDescription owner) {
    synchronized (this) {
      whole.removeIf(held -> held.owner().equals(owner));
    }
    queue.wake(PollEvents.ALWAYS_READY);
  }

  /** Gives back all that an owner holds. */
  void release(Object owner) {
    boolean changed;
    synchronized (this) {
      int before = ranges.size();
      changed = ranges.removeIf(held -> held.owner().equals(owner));
      ALL.addAndGet(ranges.size() - before);
      changed |= whole.removeIf(held -> held.owner().equals(owner));
    }
    if (changed) {
      queue.wake(PollEvents.ALWAYS_READY);
    }
  }

  /** All locks, for /proc/locks: those on ranges, then those on the whole file. */
  public synchronized List<FileLock> all() {
    List<FileLock> all = new ArrayList<>(ranges);
    all.addAll(whole);
    return all;
  }
}
