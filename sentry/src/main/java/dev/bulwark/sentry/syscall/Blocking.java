package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.signal.Signals;
import dev.bulwark.sentry.time.Timespec;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import java.util.function.BooleanSupplier;

/**
 * Makes operations on files, which never block, into calls that do: tries, sleeps until the file
 * says that something has changed, and tries again.
 */
public final class Blocking {
  private static final int READ_EVENTS =
      PollEvents.IN | PollEvents.RDNORM | PollEvents.RDHUP | PollEvents.PRI;
  private static final int WRITE_EVENTS = PollEvents.OUT | PollEvents.WRNORM;

  private Blocking() {}

  /** One try of an operation; EAGAIN negated when it has to wait. */
  @FunctionalInterface
  public interface Attempt {
    /** Tries. */
    long run() throws ErrnoException;
  }

  /**
   * Tries until the result is not EAGAIN.
   *
   * @param queue where to wait
   * @param events the {@link PollEvents} that may make a try succeed
   * @param deadline as for {@link Task#sleep}
   * @return the result, or negated: EAGAIN after the deadline, ERESTARTSYS when interrupted
   */
  public static long until(Task task, WaitQueue queue, int events, long deadline, Attempt attempt)
      throws ErrnoException {
    long result = attempt.run();
    if (result != -Errno.EAGAIN) {
      return result;
    }
    return until(task, new WaitQueue[] {queue}, events, deadline, () -> false, attempt);
  }

  /**
   * Tries until the result is not EAGAIN, waiting in several places.
   *
   * @param giveUp asked after a try that has to wait: whether to return EAGAIN instead
   */
  public static long until(
      Task task,
      WaitQueue[] queues,
      int events,
      long deadline,
      BooleanSupplier giveUp,
      Attempt attempt)
      throws ErrnoException {
    try (Watch watch = new Watch(task)) {
      for (WaitQueue queue : queues) {
        watch.hang(queue, events);
      }
      while (true) {
        watch.rearm();
        long result = attempt.run();
        if (result != -Errno.EAGAIN || giveUp.getAsBoolean()) {
          return result;
        }
        long slept = watch.sleep(deadline);
        if (slept < 0) {
          return slept == -Errno.ETIMEDOUT ? -Errno.EAGAIN : slept;
        }
      }
    }
  }

  private static long until(
      Task task,
      FileDescription file,
      boolean nonBlocking,
      int events,
      long timeout,
      Attempt attempt)
      throws ErrnoException {
    WaitQueue queue = nonBlocking ? null : file.waitQueue();
    if (queue == null) {
      return attempt.run();
    }
    if (timeout == 0) {
      return until(task, queue, events, Task.NEVER, attempt);
    }
    long result = until(task, queue, events, Timespec.deadline(timeout), attempt);
    // Not restarted, because the whole would last too long.
    return result == -Errno.ERESTARTSYS ? -Errno.EINTR : result;
  }

  /**
   * Reads, waiting for data unless the description is non-blocking.
   *
   * @param offset as for {@link FileDescription#read}
   */
  public static long read(Task task, FileDescription file, IoBuffer to, long offset)
      throws ErrnoException {
    return read(task, file, to, offset, file.nonBlocking());
  }

  /** Reads; {@code nonBlocking} stands for O_NONBLOCK. */
  public static long read(
      Task task, FileDescription file, IoBuffer to, long offset, boolean nonBlocking)
      throws ErrnoException {
    return until(
        task,
        file,
        nonBlocking,
        READ_EVENTS,
        file.readTimeout(),
        () -> file.read(task, to, offset));
  }

  /**
   * Writes, waiting for room unless the description is non-blocking. A file that {@link
   * FileDescription#writesFully} gets everything; one whose readers are gone sends SIGPIPE.
   *
   * @param offset as for {@link FileDescription#write}
   */
  public static long write(Task task, FileDescription file, IoBuffer from, long offset)
      throws ErrnoException {
    return write(task, file, from, offset, file.nonBlocking());
  }

  /** Writes; {@code nonBlocking} stands for O_NONBLOCK. */
  public static long write(
      Task task, FileDescription file, IoBuffer from, long offset, boolean nonBlocking)
      throws ErrnoException {
    long done = 0;
    while (true) {
      long at = offset < 0 ? offset : offset + done;
      long n =
          until(
              task,
              file,
              nonBlocking,
              WRITE_EVENTS,
              file.writeTimeout(),
              () -> file.write(task, from, at));
      if (n == -Errno.EPIPE && file.raisesSigpipe()) {
        brokenPipe(task);
      }
      if (n < 0) {
        return done > 0 ? done : n;
      }
      done += n;
      if (n == 0 || from.remaining() == 0 || !file.writesFully()) {
        return done;
      }
    }
  }

  /** Sends SIGPIPE to a task whose write has found no reader. */
  public static void brokenPipe(Task task) {
    task.kernel().signals().send(task, Signals.SIGPIPE);
  }
}
