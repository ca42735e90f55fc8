package dev.bulwark.sentry.time;

import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import org.jspecify.annotations.Nullable;

/**
 * The CPU time of a process, or of one task of it. The host does not say when it will reach a
 * value, so {@link #whenShows} gives a time to look again: sooner when the processors are busy for
 * it, later when it stands still.
 */
final class CpuClock implements Clock {
  private static final long SHORTEST = 2_000_000;
  private static final long LONGEST = 250_000_000;

  private final ThreadGroup process;
  private final @Nullable Task task;
  private final boolean userOnly;
  private long last = -1;
  private long pause = SHORTEST;

  /**
   * A clock.
   *
   * @param task the one task to measure, or null for the whole process
   * @param userOnly whether the time that system calls take does not count
   */
  CpuClock(ThreadGroup process, @Nullable Task task, boolean userOnly) {
    this.process = process;
    this.task = task;
    this.userOnly = userOnly;
  }

  @Override
  public long nanos() {
    return task != null ? CpuTime.ofTask(task, userOnly) : CpuTime.ofProcess(process, userOnly);
  }

  @Override
  public boolean steady() {
    return false;
  }

  @Override
  public synchronized long whenShows(long value) {
    long now = nanos();
    pause = now == last ? Math.min(LONGEST, pause * 2) : SHORTEST;
    last = now;
    long soonest = Math.max(0, value - now) / Runtime.getRuntime().availableProcessors();
    return System.nanoTime() + Math.min(LONGEST, Math.max(pause, soonest));
  }
}
