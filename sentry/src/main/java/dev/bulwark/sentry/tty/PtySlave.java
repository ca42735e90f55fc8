package dev.bulwark.sentry.tty;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.signal.Signals;
import dev.bulwark.sentry.syscall.Blocking;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.FileIdentity;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;

/** An open terminal: the slave side of a pair. Thread-safe. */
public final class PtySlave extends FileDescription {
  private static final int TIOCSPGRP = 0x5410;
  private static final int TENTH_OF_A_SECOND = 100_000_000;
  private static final int READ_EVENTS = PollEvents.IN | PollEvents.RDNORM;

  private final Pty pty;
  private final FileIdentity inode;
  private final int openedAt;

  /**
   * Opens the slave.
   *
   * @param openedAt what {@link Pty#openSlave} gave
   */
  PtySlave(Pty pty, int flags, FileIdentity inode, int openedAt) {
    super(flags);
    this.pty = pty;
    this.inode = inode;
    this.openedAt = openedAt;
  }

  /** The pair. */
  public Pty pty() {
    return pty;
  }

  @Override
  protected void release() {
    pty.closeSlave();
    inode.closed();
  }

  @Override
  public long read(IoBuffer to, long offset) {
    return pty.readTyped(to, openedAt);
  }

  /**
   * Reads for a task: background processes are stopped, and without line editing VMIN and VTIME
   * bound the wait. Where VTIME does, the wait happens in here.
   */
  @Override
  public long read(Task task, IoBuffer to, long offset) throws ErrnoException {
    if (pty.hungUp(openedAt)) {
      return 0;
    }
    long refused = ControllingTerminal.check(task, pty, Signals.SIGTTIN);
    if (refused != 0) {
      return refused;
    }
    Termios termios = pty.termios();
    if (nonBlocking() || termios.local(Termios.ICANON)) {
      return read(to, offset);
    }
    int least = termios.character(Termios.VMIN);
    int time = termios.character(Termios.VTIME);
    if (least == 0 && time == 0) {
      long n = read(to, offset);
      return n == -Errno.EAGAIN ? 0 : n;
    }
    if (least == 0) {
      return readWithin(task, to, offset, 1, time);
    }
    long wanted = Math.min(least, to.remaining());
    if (pty.typedBytes() >= wanted || pty.hungUp(openedAt)) {
      return read(to, offset);
    }
    // The clock begins to run with the first byte, and anew with each.
    return time == 0 || pty.typedBytes() == 0
        ? -Errno.EAGAIN
        : readWithin(task, to, offset, wanted, time);
  }

  private long readWithin(Task task, IoBuffer to, long offset, long wanted, int time)
      throws ErrnoException {
    int[] seen = {pty.typedBytes()};
    while (seen[0] < wanted) {
      long deadline = System.nanoTime() + (long) time * TENTH_OF_A_SECOND;
      long more =
          Blocking.until(
              task,
              pty.slaveQueue(),
              READ_EVENTS,
              deadline,
              () -> pty.typedBytes() > seen[0] || pty.hungUp(openedAt) ? 1 : -Errno.EAGAIN);
      if (more != 1) {
        if (more != -Errno.EAGAIN && seen[0] == 0) {
          return more;
        }
        break;
      }
      if (pty.hungUp(openedAt)) {
        return 0;
      }
      seen[0] = pty.typedBytes();
    }
    long n = read(to, offset);
    return n == -Errno.EAGAIN ? 0 : n;
  }

  @Override
  public long write(IoBuffer from, long offset) {
    return pty.show(from, openedAt);
  }

  /** Writes for a task; with TOSTOP background processes are stopped. */
  @Override
  public long write(Task task, IoBuffer from, long offset) throws ErrnoException {
    if (pty.hungUp(openedAt)) {
      return -Errno.EIO;
    }
    if (pty.termios().local(Termios.TOSTOP)) {
      long refused = ControllingTerminal.check(task, pty, Signals.SIGTTOU);
      if (refused != 0) {
        return refused;
      }
    }
    return write(from, offset);
  }

  @Override
  public boolean writesFully() {
    return true;
  }

  @Override
  public int poll() {
    return pty.pollSlave(openedAt);
  }

  @Override
  public boolean sendsSignals() {
    return true;
  }

  @Override
  public WaitQueue waitQueue() {
    return pty.slaveQueue();
  }

  @Override
  public long ioctl(Task task, int request, long argument) throws ErrnoException {
    if (pty.hungUp(openedAt)) {
      return request == TIOCSPGRP ? -Errno.ENOTTY : -Errno.EIO;
    }
    return TerminalIoctl.answer(task, pty, false, readable(), request, argument);
  }

  @Override
  public Location location() {
    Location place = inode.location();
    return place == null ? super.location() : place;
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
