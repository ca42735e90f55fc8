package dev.bulwark.sentry.fs.pipe;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.vfs.AttributeChange;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.FileIdentity;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Opening;
import dev.bulwark.sentry.wait.WaitQueue;

/**
 * An open end of a pipe or FIFO, or both ends at once of a FIFO opened with O_RDWR. Thread-safe.
 */
public final class PipeEnd extends FileDescription {
  private static final int FIONREAD = 0x541b;
  private static final int F_SETPIPE_SZ = 1031;
  private static final int F_GETPIPE_SZ = 1032;

  private final Fifo fifo;
  private final Pipe pipe;
  private final FileIdentity inode;
  private final int seen;

  PipeEnd(Fifo fifo, Pipe pipe, int flags, FileIdentity inode, int seen) {
    super(flags);
    this.fifo = fifo;
    this.pipe = pipe;
    this.inode = inode;
    this.seen = seen;
  }

  /** The pipe that it is an end of. */
  public Pipe pipe() {
    return pipe;
  }

  /** What opens further ends of the same pipe, as /proc/PID/fd does. */
  public Fifo fifo() {
    return fifo;
  }

  @Override
  protected void release() {
    pipe.close(readable(), writable());
    fifo.closed();
    inode.closed();
  }

  @Override
  public Location location() {
    Location place = inode.location();
    return place != null ? place : super.location();
  }

  @Override
  public long read(IoBuffer to, long offset) {
    return offset == AT_POSITION ? pipe.read(to) : -Errno.ESPIPE;
  }

  @Override
  public long write(IoBuffer from, long offset) {
    if (offset != AT_POSITION) {
      return -Errno.ESPIPE;
    }
    try {
      return pipe.write(from, (flags() & OpenFlags.DIRECT) != 0);
    } catch (ErrnoException e) {
      return -e.errno();
    }
  }

  @Override
  public boolean writesFully() {
    return true;
  }

  @Override
  public int poll() {
    return pipe.poll(readable(), writable(), seen);
  }

  @Override
  public boolean sendsSignals() {
    return true;
  }

  @Override
  public WaitQueue waitQueue() {
    return pipe.queue();
  }

  @Override
  public long ioctl(Task task, int request, long argument) throws ErrnoException {
    if (request != FIONREAD) {
      return -Errno.ENOTTY;
    }
    task.memory().putInt(argument, pipe.available());
    return 0;
  }

  @Override
  public long fcntl(Task task, int command, long argument) {
    return switch (command) {
      case F_SETPIPE_SZ -> pipe.setCapacity((int) argument);
      case F_GETPIPE_SZ -> pipe.capacity();
      default -> -Errno.EINVAL;
    };
  }

  @Override
  public FileDescription reopen(Opening opening) throws ErrnoException {
    Task task = opening.task();
    if (task == null) {
      return super.reopen(opening);
    }
    return fifo.open(task, opening.flags(), inode);
  }

  @Override
  public void setAttributes(AttributeChange change) throws ErrnoException {
    inode.setAttributes(change);
  }

  @Override
  public Attributes attributes() throws ErrnoException {
    return inode.attributes();
  }

  @Override
  public String describe() {
    return inode.describe();
  }
}
