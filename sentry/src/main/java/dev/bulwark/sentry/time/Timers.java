package dev.bulwark.sentry.time;

import dev.bulwark.sentry.Log;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * All alarms of a sandbox, served by one thread that sleeps until the next one and uses no CPU time
 * meanwhile. Thread-safe; its lock is a leaf.
 */
public final class Timers {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final TreeSet<Alarm> set = new TreeSet<>(Timers::byDeadline);
  private long alarms;
  private @Nullable Thread thread;

  /** No alarms; the thread starts with the first one. */
  public Timers() {}

  private static int byDeadline(Alarm a, Alarm b) {
    int order = Long.compare(a.deadline, b.deadline);
    return order != 0 ? order : Long.compare(a.number, b.number);
  }

  /** Something to be done at a time. */
  public final class Alarm {
    private final Runnable action;
    private final long number;
    private long deadline;

    private Alarm(Runnable action, long number) {
      this.action = action;
      this.number = number;
    }

    /** Has the action run at that time on the clock of {@link System#nanoTime}, once. */
    public void set(long when) {
      lock.lock();
      try {
        set.remove(this);
        deadline = when;
        if (when != Long.MAX_VALUE) {
          set.add(this);
          if (set.first().equals(this)) {
            wakeThread();
          }
        }
      } finally {
        lock.unlock();
      }
    }

    /** Has the action not run; it may be running already. */
    public void cancel() {
      set(Long.MAX_VALUE);
    }
  }

  /**
   * An alarm that is not set.
   *
   * @param action run by the timers' thread without a lock; must not block
   */
  public Alarm alarm(Runnable action) {
    lock.lock();
    try {
      return new Alarm(action, alarms++);
    } finally {
      lock.unlock();
    }
  }

  private void wakeThread() {
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("timers").unstarted(this::serve);
      thread.start();
    } else {
      changed.signal();
    }
  }

  private void serve() {
    while (true) {
      Alarm due = next();
      try {
        due.action.run();
      } catch (RuntimeException e) {
        Log.failure("a timer failed", e);
      }
    }
  }

  private Alarm next() {
    lock.lock();
    try {
      while (true) {
        Alarm first = set.isEmpty() ? null : set.first();
        long left = first == null ? Long.MAX_VALUE : first.deadline - System.nanoTime();
        if (first != null && left <= 0) {
          set.remove(first);
          return first;
        }
        if (first == null) {
          changed.awaitUninterruptibly();
        } else {
          var _ = changed.awaitNanos(left);
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("the thread of the timers is never interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  /** How many alarms are set. */
  public int pending() {
    lock.lock();
    try {
      return set.size();
    } finally {
      lock.unlock();
    }
  }
}
