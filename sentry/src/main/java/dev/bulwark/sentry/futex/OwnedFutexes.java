package dev.bulwark.sentry.futex;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.kernel.Task;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Futexes whose word tells the owner (FUTEX_LOCK_PI): the kernel hands the lock from one task to
 * the next. Linux lends the owner the priority of those who wait; here tasks have no priorities of
 * their own, so there is nothing to lend. Thread-safe: its monitor guards it, and is a leaf.
 */
public final class OwnedFutexes {
  private static final int WAITERS = 0x80000000;
  private static final int OWNER_DIED = 0x40000000;
  private static final int TID_MASK = 0x3fffffff;

  /** How often a word is tried that changes all the time. */
  private static final int MAX_TRIES = 1000;

  /** A task that waits for a lock. */
  static final class Claim {
    final Task task;
    volatile boolean granted;

    Claim(Task task) {
      this.task = task;
    }
  }

  /** A lock that somebody waits for. */
  private static final class Queue {
    final FutexWord word;
    final ArrayDeque<Claim> claims = new ArrayDeque<>();
    int owner;

    Queue(FutexWord word, int owner) {
      this.word = word;
      this.owner = owner;
    }
  }

  private final Map<FutexKey, Queue> queues = new HashMap<>();

  /** Nobody waits. */
  public OwnedFutexes() {}

  /**
   * FUTEX_LOCK_PI and FUTEX_TRYLOCK_PI.
   *
   * @param attempt whether not to wait
   * @param deadline as for {@link Task#sleep}
   * @return 0, or negated: EDEADLK, EAGAIN for an attempt, ESRCH when the owner does not exist,
   *     ETIMEDOUT, ERESTARTNOINTR
   */
  public long lock(Task task, FutexKey key, FutexWord word, boolean attempt, long deadline) {
    Claim claim = new Claim(task);
    synchronized (this) {
      long result = take(claim, key, word, attempt);
      if (result != -Errno.EINPROGRESS) {
        return result;
      }
    }
    long slept = task.sleep(() -> claim.granted, deadline);
    if (giveUp(claim, key)) {
      return slept == -Errno.ERESTARTSYS ? -Errno.ERESTARTNOINTR : slept;
    }
    return 0;
  }

  /** Takes a claim back; false when the lock was given to it before. */
  synchronized boolean giveUp(Claim claim, FutexKey key) {
    if (claim.granted) {
      return false;
    }
    Queue queue = queues.get(key);
    if (queue != null && queue.claims.remove(claim) && queue.claims.isEmpty()) {
      queues.remove(key);
    }
    return true;
  }

  /** A claim on a lock for a task that sleeps, or why there can be none: {@code claim} is null. */
  record Proxy(@Nullable Claim claim, long error) {}

  /**
   * Queues a sleeping task up for a lock, or gives it the lock when that is free.
   *
   * @return its claim, or EDEADLK or ESRCH negated
   */
  synchronized Proxy lockFor(Task task, FutexKey key, FutexWord word) {
    Claim claim = new Claim(task);
    long result = take(claim, key, word, false);
    if (result == 0) {
      claim.granted = true;
      return new Proxy(claim, 0);
    }
    return result == -Errno.EINPROGRESS ? new Proxy(claim, 0) : new Proxy(null, result);
  }

  /** Takes a free lock or queues up; the latter is EINPROGRESS negated. */
  private long take(Claim claim, FutexKey key, FutexWord word, boolean attempt) {
    int tid = claim.task.tid();
    while (true) {
      int value = word.load();
      int owner = value & TID_MASK;
      if (owner == tid) {
        return -Errno.EDEADLK;
      }
      Queue queue = queues.get(key);
      if (owner == 0) {
        int next = tid | (value & OWNER_DIED) | (queue == null ? 0 : WAITERS);
        if (word.compareAndSet(value, next)) {
          if (queue != null) {
            queue.owner = tid;
          }
          return 0;
        }
      } else if (attempt) {
        return -Errno.EAGAIN;
      } else if (claim.task.kernel().tasks().find(owner) == null) {
        return -Errno.ESRCH;
      } else if ((value & WAITERS) != 0 || word.compareAndSet(value, value | WAITERS)) {
        if (queue == null) {
          queue = new Queue(word, owner);
          queues.put(key, queue);
        }
        queue.claims.addLast(claim);
        return -Errno.EINPROGRESS;
      }
    }
  }

  /** FUTEX_UNLOCK_PI: 0, or EPERM negated for a lock that the task does not own. */
  public synchronized long unlock(Task task, FutexKey key, FutexWord word) {
    while (true) {
      int value = word.load();
      if ((value & TID_MASK) != task.tid()) {
        return -Errno.EPERM;
      }
      Queue queue = queues.get(key);
      if (queue == null) {
        if (word.compareAndSet(value, 0)) {
          return 0;
        }
      } else if (handOver(queue, word, value, 0)) {
        if (queue.claims.isEmpty()) {
          queues.remove(key);
        }
        return 0;
      }
    }
  }

  /** Makes the longest waiting task the owner; false when the word has changed. */
  private static boolean handOver(Queue queue, FutexWord word, int value, int flags) {
    Claim next = queue.claims.getFirst();
    int waiters = queue.claims.size() > 1 ? WAITERS : 0;
    if (!word.compareAndSet(value, next.task.tid() | waiters | flags)) {
      return false;
    }
    queue.claims.removeFirst();
    queue.owner = next.task.tid();
    next.granted = true;
    next.task.wake();
    return true;
  }

  /** A task ends: what it owns and others wait for goes on to them, marked as left behind. */
  public synchronized void ended(Task task) {
    Iterator<Queue> all = queues.values().iterator();
    while (all.hasNext()) {
      Queue queue = all.next();
      if (queue.owner == task.tid()) {
        // A program that keeps changing the word harms only those who wait for it.
        int tries = MAX_TRIES;
        while (!handOver(queue, queue.word, queue.word.load(), OWNER_DIED) && tries > 0) {
          tries--;
        }
        if (queue.claims.isEmpty()) {
          all.remove();
        }
      }
    }
  }
}
