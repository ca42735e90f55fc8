package dev.bulwark.sentry.seccomp;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.kernel.Task;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Bounds what filters take of the Sentry's heap, all tasks of a sandbox together. */
final class FilterBudget {
  private static final long LIMIT = 16L << 20;

  private FilterBudget() {}

  /**
   * Checks that a task may have these filters instead of those that it has.
   *
   * @throws ErrnoException ENOMEM
   */
  static void require(Task caller, SeccompFilters next) throws ErrnoException {
    Kernel kernel = caller.kernel();
    long atMost = next.weight();
    for (Task task : kernel.tasks().all()) {
      SeccompFilters its = task.equals(caller) ? null : task.seccomp();
      atMost += its == null ? 0 : its.weight();
    }
    if (atMost > LIMIT && exactly(kernel, next) > LIMIT) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
  }

  /** Filters that several tasks share are counted once. */
  private static long exactly(Kernel kernel, SeccompFilters next) {
    Set<SeccompFilters> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    long sum = count(next, seen);
    for (Task task : kernel.tasks().all()) {
      sum += count(task.seccomp(), seen);
    }
    return sum;
  }

  private static long count(@Nullable SeccompFilters filters, Set<SeccompFilters> seen) {
    long sum = 0;
    for (SeccompFilters at = filters; at != null && seen.add(at); at = at.previous()) {
      SeccompFilters below = at.previous();
      sum += at.weight() - (below == null ? 0 : below.weight());
    }
    return sum;
  }
}
