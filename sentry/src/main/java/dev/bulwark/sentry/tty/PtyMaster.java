package dev.bulwark.sentry.tty;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.signal.SignalSender;
import dev.bulwark.sentry.signal.Signals;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.FileIdentity;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.wait.WaitQueue;

/** The open master side of a pair, from /dev/ptmx. Thread-safe. */
public final class PtyMaster extends FileDescription {
  private static final int FIONREAD = 0x541b;
  private static final int TIOCPKT = 0x5420;
  private static final int TIOCGPKT = 0x80045438;
  private static final int TIOCGPTN = 0x80045430;
  private static final int TIOCSPTLCK = 0x40045431;
  private static final int TIOCGPTLCK = 0x80045439;
  private static final int TIOCSIG = 0x40045436;
  private static final int TIOCGPTPEER = 0x5441;

  private final PtySystem system;
  private final Pty pty;
  private final FileIdentity inode;

  PtyMaster(PtySystem system, Pty pty, int flags, FileIdentity inode) {
    super(flags);
    this.system = system;
    this.pty = pty;
    this.inode = inode;
  }

  /** The pair. */
  public Pty pty() {
    return pty;
  }

  @Override
  protected void release() {
    system.closed(pty);
    pty.closeMaster();
    inode.closed();
  }

  @Override
  public long read(IoBuffer to, long offset) {
    return pty.readShown(to);
  }

  @Override
  public long write(IoBuffer from, long offset) {
    return pty.type(from);
  }

  @Override
  public boolean writesFully() {
    return true;
  }

  @Override
  public int poll() {
    return pty.pollMaster();
  }

  @Override
  public boolean sendsSignals() {
    return true;
  }

  @Override
  public WaitQueue waitQueue() {
    return pty.masterQueue();
  }

  @Override
  public long ioctl(Task task, int request, long argument) throws ErrnoException {
    switch (request) {
      case TIOCGPTN -> task.memory().putInt(argument, pty.index());
      case TIOCSPTLCK -> pty.setLocked(task.memory().getInt(argument) != 0);
      case TIOCGPTLCK -> task.memory().putInt(argument, pty.locked() ? 1 : 0);
      case TIOCPKT -> pty.setPackets(task.memory().getInt(argument) != 0);
      case TIOCGPKT -> task.memory().putInt(argument, pty.packets() ? 1 : 0);
      case TIOCSIG -> {
        return signal((int) argument);
      }
      case TIOCGPTPEER -> {
        return openPeer(task, (int) argument);
      }
      case FIONREAD -> task.memory().putInt(argument, pty.shownBytes());
      default -> {
        return TerminalIoctl.answer(task, pty, true, true, request, argument);
      }
    }
    return 0;
  }

  private long signal(int signal) {
    if (signal != Signals.SIGINT && signal != Signals.SIGQUIT && signal != Signals.SIGTSTP) {
      return -Errno.EINVAL;
    }
    SignalSender.sendToGroup(system.tree(), pty.foreground(), SignalInfo.kernel(signal));
    return 0;
  }

  private long openPeer(Task task, int flags) throws ErrnoException {
    FileDescription slave = system.openPeer(pty, flags | OpenFlags.NOCTTY);
    try {
      return task.files()
          .install(
              slave, 0, (flags & OpenFlags.CLOEXEC) != 0, task.process().limits().descriptors());
    } catch (ErrnoException e) {
      slave.close();
      throw e;
    }
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
