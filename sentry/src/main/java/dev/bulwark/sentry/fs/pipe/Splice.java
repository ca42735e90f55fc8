package dev.bulwark.sentry.fs.pipe;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Blocking;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Moving bytes between a pipe and something else, with the waiting that splice(2) does. */
public final class Splice {
  private static final int ANY_CHANGE = PollEvents.ALWAYS_READY | PollEvents.RDHUP;

  private Splice() {}

  /**
   * From a pipe to another file.
   *
   * @param offset where in the file, or {@link FileDescription#AT_POSITION}
   * @param nonBlocking whether to wait for the pipe; the file's own O_NONBLOCK decides for the file
   */
  public static long toFile(
      Task task, PipeEnd in, FileDescription out, long offset, long length, boolean nonBlocking)
      throws ErrnoException {
    Pipe pipe = in.pipe();
    long result =
        until(
            task,
            pipe.queue(),
            out.waitQueue(),
            () -> pipe.spliceTo(out, offset, length),
            () -> pipe.isEmpty() ? nonBlocking : out.nonBlocking());
    return out.raisesSigpipe() ? signalled(task, result) : result;
  }

  /** From another file to a pipe; parameters as for {@link #toFile}. */
  public static long fromFile(
      Task task, FileDescription in, long offset, PipeEnd out, long length, boolean nonBlocking)
      throws ErrnoException {
    Pipe pipe = out.pipe();
    return signalled(
        task,
        until(
            task,
            pipe.queue(),
            in.waitQueue(),
            () -> pipe.spliceFrom(in, offset, length),
            () -> pipe.isFull() ? nonBlocking : in.nonBlocking()));
  }

  /** From pipe to pipe; with {@code keep} the bytes stay in the first one too. */
  public static long toPipe(
      Task task, PipeEnd in, PipeEnd out, long length, boolean keep, boolean nonBlocking)
      throws ErrnoException {
    return signalled(
        task,
        until(
            task,
            in.pipe().queue(),
            out.pipe().queue(),
            () -> in.pipe().transfer(out.pipe(), length, keep),
            () -> nonBlocking));
  }

  /** From application memory to a pipe: as much as there is room for. */
  public static long fromUser(Task task, IoBuffer from, PipeEnd out, boolean nonBlocking)
      throws ErrnoException {
    return signalled(
        task,
        until(
            task,
            out.pipe().queue(),
            null,
            () -> out.pipe().write(from, false),
            () -> nonBlocking));
  }

  /** From a pipe to application memory. */
  public static long toUser(Task task, PipeEnd in, IoBuffer to, boolean nonBlocking)
      throws ErrnoException {
    return until(task, in.pipe().queue(), null, () -> in.pipe().read(to), () -> nonBlocking);
  }

  private static long signalled(Task task, long result) {
    if (result == -Errno.EPIPE) {
      Blocking.brokenPipe(task);
    }
    return result;
  }

  private static long until(
      Task task,
      WaitQueue pipe,
      @Nullable WaitQueue other,
      Blocking.Attempt attempt,
      BooleanSupplier giveUp)
      throws ErrnoException {
    WaitQueue[] queues = other == null ? new WaitQueue[] {pipe} : new WaitQueue[] {pipe, other};
    return Blocking.until(task, queues, ANY_CHANGE, Task.NEVER, giveUp, attempt);
  }
}
