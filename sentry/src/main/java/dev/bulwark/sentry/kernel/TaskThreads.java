package dev.bulwark.sentry.kernel;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The Java threads that serve tasks; one that has ended its task serves the next. Thread-safe. */
final class TaskThreads {
  /**
   * How many tasks a sandbox may have. Each has a Java thread and a host thread, which a program
   * that forks without end must not exhaust.
   */
  static final int LIMIT = 4096;

  private static final long IDLE_SECONDS = 10;
  private static final long STACK_BYTES = 256 << 10;

  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger made = new AtomicInteger();
  private final ThreadPoolExecutor pool =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          this::thread);

  /**
   * A thread with the next number, which the JDK's own builder would take some milliseconds for.
   */
  private Thread thread(Runnable work) {
    return Thread.ofPlatform()
        .name("task-" + made.getAndIncrement())
        .stackSize(STACK_BYTES)
        .daemon()
        .unstarted(work);
  }

  /** Reserves a place for one more task; false when there is none. */
  boolean take() {
    if (count.incrementAndGet() > LIMIT) {
      count.decrementAndGet();
      return false;
    }
    return true;
  }

  /** Gives a place back. */
  void give() {
    count.decrementAndGet();
  }

  /** How many tasks there are. */
  int count() {
    return count.get();
  }

  void start(Task task) {
    pool.execute(new Service(task));
  }

  /** Serves a task to its end. A class of its own, since a lambda would be made at every start. */
  private final class Service implements Runnable {
    private final Task task;

    Service(Task task) {
      this.task = task;
    }

    @Override
    public void run() {
      try {
        new TaskRunner(task).run();
      } finally {
        give();
      }
    }
  }
}
