package dev.bulwark.sentry.fs.pipe;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Blocking;
import dev.bulwark.sentry.vfs.FileIdentity;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.wait.PollEvents;
import org.jspecify.annotations.Nullable;

/**
 * What the inode of a FIFO holds: a pipe that exists as long as somebody has it open (fifo(7)).
 * Anonymous pipes use it too, whose ends can be opened again through /proc/PID/fd. Thread-safe.
 */
public final class Fifo {
  private final PipeSystem system;
  private final boolean anonymous;
  private @Nullable Pipe pipe;
  private int users;

  /** A FIFO that nobody has open. */
  public Fifo(PipeSystem system) {
    this.system = system;
    this.anonymous = false;
  }

  Fifo(PipeSystem system, Pipe pipe) {
    this.system = system;
    this.pipe = pipe;
    this.anonymous = true;
  }

  /**
   * Opens an end; permissions are the caller's to check. With a name, an end waits until the other
   * side is open, unless it is opened for both directions or with O_NONBLOCK.
   *
   * @param flags of open(2)
   * @param inode what the description tells of itself
   * @return the end, with one reference
   * @throws ErrnoException ENXIO for O_WRONLY with O_NONBLOCK and no reader, ENFILE, ERESTARTSYS,
   *     EINVAL for access mode 3
   */
  public PipeEnd open(Task task, int flags, FileIdentity inode) throws ErrnoException {
    int mode = flags & OpenFlags.ACCESS_MODE;
    if (mode == OpenFlags.ACCESS_MODE) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    boolean reading = mode != OpenFlags.WRONLY;
    boolean writing = mode != OpenFlags.RDONLY;
    boolean nonBlocking = (flags & OpenFlags.NONBLOCK) != 0;
    Pipe opened = use();
    if (!anonymous && !reading && nonBlocking && opened.readers() == 0) {
      closed();
      throw ErrnoException.of(Errno.ENXIO);
    }
    int readersBefore = opened.readerOpens();
    int writersBefore = opened.writerOpens();
    opened.open(reading, writing);
    int seen = -1;
    if (!anonymous && !(reading && writing)) {
      if (reading && opened.writers() == 0) {
        if (nonBlocking) {
          seen = opened.writerOpens();
        } else {
          await(task, opened, true, writersBefore);
        }
      } else if (writing && opened.readers() == 0) {
        await(task, opened, false, readersBefore);
      }
    }
    return new PipeEnd(this, opened, flags, inode, seen);
  }

  private void await(Task task, Pipe opened, boolean reading, int before) throws ErrnoException {
    long result =
        Blocking.until(
            task,
            opened.queue(),
            PollEvents.ALWAYS_READY,
            Task.NEVER,
            () ->
                (reading ? opened.writerOpens() : opened.readerOpens()) != before
                    ? 0
                    : -Errno.EAGAIN);
    if (result < 0) {
      opened.close(reading, !reading);
      closed();
      throw ErrnoException.of((int) -result);
    }
  }

  private synchronized Pipe use() throws ErrnoException {
    Pipe used = pipe;
    if (used == null) {
      used = system.create();
      pipe = used;
    }
    users++;
    return used;
  }

  synchronized void closed() {
    if (--users == 0 && pipe != null) {
      pipe.destroy();
      pipe = null;
    }
  }
}
