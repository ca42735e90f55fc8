package dev.bulwark.sentry.futex;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.kernel.Task;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** All futexes of a sandbox that somebody sleeps on. Thread-safe. */
public final class FutexTable {
  /** The bitset that every wake and every wait without one uses. */
  public static final int ANY = -1;

  /** The most futexes that one futex_waitv(2) may name. */
  public static final int WAITV_MAX = 128;

  private static final int BUCKETS = 256;

  private final Bucket[] buckets = new Bucket[BUCKETS];

  /** A table on which nobody sleeps. */
  public FutexTable() {
    for (int i = 0; i < BUCKETS; i++) {
      buckets[i] = new Bucket(i);
    }
  }

  /**
   * One futex that a task waits for.
   *
   * @param key which futex
   * @param word its word in memory
   * @param expected the value at which the task goes to sleep
   */
  public record Wanted(FutexKey key, FutexWord word, int expected) {}

  /**
   * FUTEX_WAIT and FUTEX_WAIT_BITSET: sleeps unless the word has changed.
   *
   * @param bitset wakes that share no bit with it pass the task by; not 0 (EINVAL)
   * @param deadline as for {@link Task#sleep}
   * @return 0 when woken, or negated: EAGAIN when the word is not {@code expected}, ETIMEDOUT,
   *     ERESTARTSYS
   */
  public long wait(
      Task task, FutexKey key, FutexWord word, int expected, int bitset, long deadline) {
    if (bitset == 0) {
      return -Errno.EINVAL;
    }
    return Math.min(
        0, waitForAny(task, List.of(new Wanted(key, word, expected)), bitset, deadline));
  }

  /**
   * futex_waitv(2): sleeps until one of several futexes wakes the task.
   *
   * @return the index of the futex that did, or negated: EINVAL for none or more than {@link
   *     #WAITV_MAX}, EAGAIN when a word is not as expected, ETIMEDOUT, ERESTARTSYS
   */
  public long waitForAny(Task task, List<Wanted> futexes, long deadline) {
    if (futexes.isEmpty() || futexes.size() > WAITV_MAX) {
      return -Errno.EINVAL;
    }
    return waitForAny(task, futexes, ANY, deadline);
  }

  private long waitForAny(Task task, List<Wanted> futexes, int bitset, long deadline) {
    AtomicInteger wokenBy = new AtomicInteger(Sleeper.ASLEEP);
    List<Sleeper> queued = new ArrayList<>(futexes.size());
    try {
      for (Wanted futex : futexes) {
        Sleeper sleeper = new Sleeper(task, futex.key(), bitset, wokenBy, queued.size());
        Bucket bucket = bucket(futex.key());
        synchronized (bucket) {
          // Under the monitor a waker that has changed the word cannot pass between this look and
          // the queueing.
          if (futex.word().load() != futex.expected()) {
            return settle(wokenBy, -Errno.EAGAIN);
          }
          bucket.sleepers.add(sleeper);
        }
        queued.add(sleeper);
      }
      long result = task.sleep(() -> wokenBy.get() != Sleeper.ASLEEP, deadline);
      return settle(wokenBy, result);
    } finally {
      queued.forEach(this::remove);
    }
  }

  /**
   * Decides between a wake and a failure: a wake that a waker has counted wins, and after this none
   * is counted any more.
   */
  private static long settle(AtomicInteger wokenBy, long failure) {
    return wokenBy.compareAndSet(Sleeper.ASLEEP, Sleeper.GONE) ? failure : wokenBy.get();
  }

  private void remove(Sleeper sleeper) {
    while (true) {
      FutexKey key = sleeper.key;
      Bucket bucket = bucket(key);
      synchronized (bucket) {
        if (sleeper.key.equals(key)) {
          bucket.sleepers.remove(sleeper);
          return;
        }
      }
    }
  }

  /**
   * FUTEX_WAKE and FUTEX_WAKE_BITSET: wakes the longest asleep.
   *
   * @param most how many at most; as Linux does, less than 1 counts as 1
   * @param bitset only sleepers that share a bit with it; not 0 (EINVAL)
   * @return how many were woken, or EINVAL negated
   */
  public long wake(FutexKey key, int most, int bitset) {
    if (bitset == 0) {
      return -Errno.EINVAL;
    }
    Bucket bucket = bucket(key);
    synchronized (bucket) {
      return wake(bucket, key, Math.max(1, most), bitset);
    }
  }

  private static int wake(Bucket bucket, FutexKey key, int most, int bitset) {
    int woken = 0;
    Iterator<Sleeper> all = bucket.sleepers.iterator();
    while (woken < most && all.hasNext()) {
      Sleeper sleeper = all.next();
      if ((sleeper.bitset & bitset) != 0 && sleeper.key.equals(key)) {
        if (sleeper.lock != null) {
          return woken > 0 ? woken : -Errno.EINVAL; // it can only be requeued
        }
        all.remove();
        if (sleeper.wake()) {
          woken++;
        }
      }
    }
    return woken;
  }

  /**
   * FUTEX_REQUEUE and FUTEX_CMP_REQUEUE: wakes some sleepers and moves others to a second futex.
   *
   * @param word the first futex's word, compared with {@code expected}; {@code expected} null
   *     compares nothing
   * @return how many were woken and moved (without a comparison: woken only), or negated: EINVAL
   *     for a negative count, EAGAIN when the word is not as expected
   */
  public long requeue(
      FutexKey from,
      FutexKey to,
      int wakeMost,
      int moveMost,
      FutexWord word,
      @Nullable Integer expected) {
    if (wakeMost < 0 || moveMost < 0) {
      return -Errno.EINVAL;
    }
    Bucket source = bucket(from);
    Bucket target = bucket(to);
    synchronized (lower(source, target)) {
      synchronized (higher(source, target)) {
        if (expected != null && word.load() != expected) {
          return -Errno.EAGAIN;
        }
        int woken = wakeMost == 0 ? 0 : wake(source, from, wakeMost, ANY);
        if (woken < 0) {
          return woken;
        }
        int moved = move(source, from, target, to, moveMost);
        if (moved < 0) {
          return moved;
        }
        return expected != null ? woken + moved : woken;
      }
    }
  }

  private static int move(Bucket source, FutexKey from, Bucket target, FutexKey to, int most) {
    boolean refused = false;
    List<Sleeper> moving = new ArrayList<>();
    Iterator<Sleeper> all = source.sleepers.iterator();
    while (moving.size() < most && all.hasNext()) {
      Sleeper sleeper = all.next();
      if (sleeper.key.equals(from)) {
        if (sleeper.lock != null) {
          refused = true; // it can only be requeued to its lock
          break;
        }
        all.remove();
        moving.add(sleeper);
      }
    }
    for (Sleeper sleeper : moving) {
      sleeper.key = to;
      target.sleepers.add(sleeper);
    }
    return refused ? -Errno.EINVAL : moving.size();
  }

  /**
   * FUTEX_WAKE_OP: changes the second word, wakes sleepers of the first futex, and those of the
   * second when its old value satisfies the encoded comparison.
   *
   * @param encoded operation and comparison as FUTEX_OP packs them
   * @return how many were woken, or ENOSYS negated for an unknown operation or comparison
   */
  public long wakeOperation(
      FutexKey first,
      FutexKey second,
      FutexWord secondWord,
      int mostFirst,
      int mostSecond,
      int encoded) {
    WakeOperation operation = WakeOperation.decode(encoded);
    if (operation.check() != 0) {
      return operation.check();
    }
    Bucket a = bucket(first);
    Bucket b = bucket(second);
    synchronized (lower(a, b)) {
      synchronized (higher(a, b)) {
        boolean both = operation.apply(secondWord);
        int woken = wake(a, first, Math.max(1, mostFirst), ANY);
        if (woken < 0 || !both) {
          return woken;
        }
        int more = wake(b, second, Math.max(1, mostSecond), ANY);
        return more < 0 ? more : woken + more;
      }
    }
  }

  /**
   * FUTEX_WAIT_REQUEUE_PI: sleeps until {@link #requeueToLock} has queued the task up for a lock
   * and it has got that lock.
   *
   * @param locks where the locks are
   * @param lock the lock
   * @return 0 when the task owns the lock, or negated: EINVAL when both are one futex, EAGAIN when
   *     the word is not {@code expected} or a signal came after the requeue, ETIMEDOUT,
   *     ERESTARTNOINTR
   */
  public long waitForLock(
      Task task,
      OwnedFutexes locks,
      FutexKey key,
      FutexWord word,
      int expected,
      FutexKey lock,
      long deadline) {
    if (key.equals(lock)) {
      return -Errno.EINVAL;
    }
    LockWaiter waiter = new LockWaiter(lock);
    Sleeper sleeper = new Sleeper(task, key, waiter);
    Bucket bucket = bucket(key);
    synchronized (bucket) {
      if (word.load() != expected) {
        return -Errno.EAGAIN;
      }
      bucket.sleepers.add(sleeper);
    }
    long slept = task.sleep(waiter::granted, deadline);
    OwnedFutexes.Claim claim;
    synchronized (bucket) {
      bucket.sleepers.remove(sleeper);
      claim = waiter.claim;
    }
    boolean interrupted = slept == -Errno.ERESTARTSYS;
    if (claim == null) {
      return interrupted ? -Errno.ERESTARTNOINTR : slept;
    }
    if (!locks.giveUp(claim, lock)) {
      return 0;
    }
    return interrupted ? -Errno.EAGAIN : slept; // too late to begin anew
  }

  /**
   * FUTEX_CMP_REQUEUE_PI: gives a lock to the longest asleep if it is free, and queues the others
   * up for it.
   *
   * @param most how many may be queued up besides the first
   * @return how many tasks were taken from the first futex, or negated: EINVAL when both are one
   *     futex or somebody sleeps there who does not wait for this lock, EAGAIN when the word is not
   *     {@code expected}, EDEADLK, ESRCH
   */
  public long requeueToLock(
      OwnedFutexes locks,
      FutexKey from,
      FutexWord word,
      int expected,
      FutexKey lock,
      FutexWord lockWord,
      int most) {
    if (from.equals(lock)) {
      return -Errno.EINVAL;
    }
    Bucket bucket = bucket(from);
    synchronized (bucket) {
      if (word.load() != expected) {
        return -Errno.EAGAIN;
      }
      long moved = 0;
      Iterator<Sleeper> all = bucket.sleepers.iterator();
      while (moved <= most && all.hasNext()) {
        Sleeper sleeper = all.next();
        if (!sleeper.key.equals(from)) {
          continue;
        }
        LockWaiter waiter = sleeper.lock;
        if (waiter == null || !waiter.key.equals(lock)) {
          return moved > 0 ? moved : -Errno.EINVAL;
        }
        OwnedFutexes.Proxy proxy = locks.lockFor(sleeper.task, lock, lockWord);
        if (proxy.claim() == null) {
          return moved > 0 ? moved : proxy.error();
        }
        all.remove();
        waiter.claim = proxy.claim();
        sleeper.task.wake();
        moved++;
      }
      return moved;
    }
  }

  /** How many places in queues are taken, for tests and counters. */
  public int sleepers() {
    int count = 0;
    for (Bucket bucket : buckets) {
      synchronized (bucket) {
        count += bucket.sleepers.size();
      }
    }
    return count;
  }

  private Bucket bucket(FutexKey key) {
    int hash = key.hashCode();
    return buckets[(hash ^ hash >>> 16) & (BUCKETS - 1)];
  }

  private static Bucket lower(Bucket a, Bucket b) {
    return a.index <= b.index ? a : b;
  }

  private static Bucket higher(Bucket a, Bucket b) {
    return a.index <= b.index ? b : a;
  }
}
