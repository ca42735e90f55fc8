package dev.bulwark.sentry.futex;

import dev.bulwark.sentry.kernel.Task;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One task's place in the queue of one futex. A task that waits for several futexes has one for
 * each.
 */
final class Sleeper {
  /** The value of {@link #wokenBy} while nothing has woken the task. */
  static final int ASLEEP = -1;

  /** The value of {@link #wokenBy} once the task has given up; wakes pass it by. */
  static final int GONE = -2;

  final Task task;
  final int bitset;

  /**
   * Which of the task's futexes woke it; shared by all its sleepers, so that only one wake counts.
   */
  final AtomicInteger wokenBy;

  /** Whether the task waits to be given a lock (FUTEX_WAIT_REQUEUE_PI), and which; else null. */
  final @Nullable LockWaiter lock;

  private final int position;

  /** Where the sleeper is queued; changed by a requeue under the monitors of both buckets. */
  volatile FutexKey key;

  Sleeper(Task task, FutexKey key, int bitset, AtomicInteger wokenBy, int position) {
    this(task, key, bitset, wokenBy, position, null);
  }

  Sleeper(Task task, FutexKey key, LockWaiter lock) {
    this(task, key, FutexTable.ANY, new AtomicInteger(ASLEEP), 0, lock);
  }

  private Sleeper(
      Task task,
      FutexKey key,
      int bitset,
      AtomicInteger wokenBy,
      int position,
      @Nullable LockWaiter lock) {
    this.lock = lock;
    this.task = task;
    this.key = key;
    this.bitset = bitset;
    this.wokenBy = wokenBy;
    this.position = position;
  }

  /** Wakes the task unless another futex has done so already; whether this was the one. */
  boolean wake() {
    boolean first = wokenBy.compareAndSet(ASLEEP, position);
    if (first) {
      task.wake();
    }
    return first;
  }
}
