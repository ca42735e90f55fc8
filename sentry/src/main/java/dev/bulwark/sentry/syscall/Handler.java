package dev.bulwark.sentry.syscall;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;

/**
 * Answers one system call. An implementation is a lambda that narrows the argument registers to the
 * types of the call's C prototype and passes them on; the high half of an {@code int} argument is
 * ignored as the kernel ignores it.
 */
@FunctionalInterface
public interface Handler {

  /**
   * Answers the call on the thread of the task that made it.
   *
   * @return the result, or an errno negated; the restart codes of {@link dev.bulwark.linux.Errno}
   *     are resolved when the task returns to the application
   * @throws ErrnoException another way to return an errno negated
   */
  long call(Task task, long a, long b, long c, long d, long e, long f) throws ErrnoException;
}
