package dev.bulwark.sentry.kernel;

import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;

/**
 * RLIMIT_NPROC: how many tasks a user may have, root and who is trusted with resources excepted.
 */
final class TaskLimit {
  private TaskLimit() {}

  /** Whether the caller's user has as many tasks as the caller's limit admits. */
  static boolean reached(Task caller) {
    Credentials own = caller.credentials();
    if (own.uid() == 0 || own.has(Capability.SYS_RESOURCE) || own.has(Capability.SYS_ADMIN)) {
      return false;
    }
    Limits limits = caller.process().limits();
    Kernel kernel = caller.kernel();
    // Most have a limit that all tasks of the sandbox together do not reach.
    return limits.exceeded(Limits.NPROC, kernel.tasks().count() + kernel.processes().count() + 1)
        && limits.exceeded(Limits.NPROC, count(kernel, own.uid()) + 1);
  }

  private static long count(Kernel kernel, int user) {
    long count = 0;
    for (Task task : kernel.tasks().all()) {
      count += task.credentials().uid() == user ? 1 : 0;
    }
    for (ThreadGroup process : kernel.processes().all()) {
      // Zombies count until somebody has waited for them.
      boolean zombie = process.over() && process.signals().credentials().uid() == user;
      count += zombie ? 1 : 0;
    }
    return count;
  }
}
