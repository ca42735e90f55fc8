package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import java.util.function.LongUnaryOperator;

/** The signal mask that ppoll(2), pselect6(2) and epoll_pwait(2) put in force while they wait. */
final class TemporaryMask {
  private static final int SIGSET_SIZE = 8;

  private TemporaryMask() {}

  /**
   * Makes a call under another mask.
   *
   * @param mask address of the mask; 0 leaves the current one in force
   * @param size of the mask, which must be 8 unless the address is 0 (EINVAL)
   * @param interrupted the result that says that a signal came; its handler then runs before the
   *     old mask is back
   * @param finish what becomes of the result at the end
   */
  static long during(
      Task task,
      long mask,
      long size,
      long interrupted,
      Blocking.Attempt call,
      LongUnaryOperator finish)
      throws ErrnoException {
    if (mask == 0) {
      return finish.applyAsLong(call.run());
    }
    if (size != SIGSET_SIZE) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    task.signals().suspendMask(task.memory().getLong(mask));
    long result;
    try {
      result = call.run();
    } catch (ErrnoException e) {
      result = -e.errno();
    }
    task.signals().restoreMask(result == interrupted);
    return finish.applyAsLong(result);
  }
}
