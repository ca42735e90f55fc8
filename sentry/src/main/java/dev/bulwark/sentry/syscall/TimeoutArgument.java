package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.time.Timespec;

/**
 * The timeout of ppoll(2), select(2) and pselect6(2), into which Linux writes what is left of it.
 */
final class TimeoutArgument {
  private final Task task;
  private final long address;
  private final boolean timeval;
  private final boolean zero;
  private final long deadline;

  private TimeoutArgument(Task task, long address, boolean timeval, boolean zero, long deadline) {
    this.task = task;
    this.address = address;
    this.timeval = timeval;
    this.zero = zero;
    this.deadline = deadline;
  }

  /** A {@code struct timespec}; address 0 waits for ever. EFAULT, EINVAL. */
  static TimeoutArgument timespec(Task task, long address) throws ErrnoException {
    return address == 0
        ? new TimeoutArgument(task, 0, false, false, Task.NEVER)
        : of(task, address, false, Timespec.readValid(task.memory(), address));
  }

  /** A {@code struct timeval}; address 0 waits for ever. EFAULT, EINVAL. */
  static TimeoutArgument timeval(Task task, long address) throws ErrnoException {
    return address == 0
        ? new TimeoutArgument(task, 0, true, false, Task.NEVER)
        : of(task, address, true, Timespec.readLooseTimeval(task.memory(), address));
  }

  private static TimeoutArgument of(Task task, long address, boolean timeval, Timespec time) {
    long nanos = time.toNanos();
    return new TimeoutArgument(task, address, timeval, nanos == 0, Timespec.deadline(nanos));
  }

  /** When the wait ends, as for {@link Task#sleep}. */
  long deadline() {
    return deadline;
  }

  /**
   * Stores what is left. Where that fails, a call that would be restarted is not, since it would
   * wait for the whole time again.
   *
   * @return the call's result
   */
  long finish(long result) {
    if (address == 0 || zero) {
      return result;
    }
    Timespec left = Timespec.ofNanos(Math.max(0, deadline - System.nanoTime()));
    try {
      if (timeval) {
        left.writeTimeval(task.memory(), address);
      } else {
        left.write(task.memory(), address);
      }
      return result;
    } catch (ErrnoException e) {
      return result == -Errno.ERESTARTNOHAND ? -Errno.EINTR : result;
    }
  }
}
