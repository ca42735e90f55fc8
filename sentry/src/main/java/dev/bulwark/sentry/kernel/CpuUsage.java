package dev.bulwark.sentry.kernel;

import dev.bulwark.platform.AddressSpace;
import org.jspecify.annotations.Nullable;

/**
 * CPU time of a process: user time is what its stubs used, system time what the Sentry's threads
 * used for its tasks. All in nanoseconds. Thread-safe.
 */
public final class CpuUsage {
  private @Nullable AddressSpace space;
  private long spaceBase;
  private long endedUser;
  private long endedSystem;
  private long childrenUser;
  private long childrenSystem;

  CpuUsage() {}

  /** The process runs in another address space from now on; null when it has ended. */
  synchronized void enter(@Nullable AddressSpace next) {
    endedUser += inSpace();
    space = next;
    spaceBase = next == null ? 0 : next.cpuTimeNanos();
  }

  private long inSpace() {
    AddressSpace now = space;
    return now == null ? 0 : Math.max(0, now.cpuTimeNanos() - spaceBase);
  }

  /** A task of the process has ended. */
  synchronized void taskEnded(long systemNanos) {
    endedSystem += systemNanos;
  }

  /** A child was waited for. */
  synchronized void childReaped(CpuUsage child) {
    childrenUser += child.userNanos() + child.childrenUserNanos();
    childrenSystem += child.endedSystemNanos() + child.childrenSystemNanos();
  }

  /** User time of all tasks, living and ended. */
  public synchronized long userNanos() {
    return endedUser + inSpace();
  }

  /** System time of the tasks that have ended. */
  synchronized long endedSystemNanos() {
    return endedSystem;
  }

  /** User time of children that were waited for, and theirs. */
  public synchronized long childrenUserNanos() {
    return childrenUser;
  }

  /** System time of children that were waited for, and theirs. */
  public synchronized long childrenSystemNanos() {
    return childrenSystem;
  }
}
