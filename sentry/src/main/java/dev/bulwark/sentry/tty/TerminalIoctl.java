package dev.bulwark.sentry.tty;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.kernel.ProcessTree;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.signal.Signals;
import dev.bulwark.sentry.syscall.Blocking;
import dev.bulwark.sentry.vfs.DeviceNumber;
import dev.bulwark.sentry.wait.PollEvents;
import org.jspecify.annotations.Nullable;

/** The requests of ioctl_tty(2) that both sides of a pair answer. */
final class TerminalIoctl {
  private static final int TCGETS = 0x5401;
  private static final int TCSETS = 0x5402;
  private static final int TCSETSW = 0x5403;
  private static final int TCSETSF = 0x5404;
  private static final int TCSBRK = 0x5409;
  private static final int TCXONC = 0x540a;
  private static final int TCFLSH = 0x540b;
  private static final int TIOCEXCL = 0x540c;
  private static final int TIOCNXCL = 0x540d;
  private static final int TIOCSCTTY = 0x540e;
  private static final int TIOCGPGRP = 0x540f;
  private static final int TIOCSPGRP = 0x5410;
  private static final int TIOCOUTQ = 0x5411;
  private static final int TIOCSTI = 0x5412;
  private static final int TIOCGWINSZ = 0x5413;
  private static final int TIOCSWINSZ = 0x5414;
  private static final int TIOCGSOFTCAR = 0x5419;
  private static final int TIOCSSOFTCAR = 0x541a;
  private static final int FIONREAD = 0x541b;
  private static final int TIOCNOTTY = 0x5422;
  private static final int TIOCSETD = 0x5423;
  private static final int TIOCGETD = 0x5424;
  private static final int TCSBRKP = 0x5425;
  private static final int TIOCSBRK = 0x5427;
  private static final int TIOCCBRK = 0x5428;
  private static final int TIOCGSID = 0x5429;
  private static final int TCGETS2 = 0x802c542a;
  private static final int TCSETS2 = 0x402c542b;
  private static final int TCSETSW2 = 0x402c542c;
  private static final int TCSETSF2 = 0x402c542d;
  private static final int TIOCGDEV = 0x80045432;
  private static final int TIOCVHANGUP = 0x5437;
  private static final int TIOCGEXCL = 0x80045440;

  private static final int TCIFLUSH = 0;
  private static final int TCOFLUSH = 1;
  private static final int TCIOFLUSH = 2;
  private static final int TCOOFF = 0;
  private static final int TCOON = 1;
  private static final int TCIOFF = 2;
  private static final int TCION = 3;
  private static final long PTMX = DeviceNumber.of(5, 2);

  private TerminalIoctl() {}

  /**
   * Answers a request.
   *
   * @param master whether it was made on the master, which needs no controlling terminal
   * @param readable whether the description admits reading
   */
  static long answer(
      Task task, Pty pty, boolean master, boolean readable, int request, long argument)
      throws ErrnoException {
    switch (request) {
      case TCGETS -> task.memory().write(argument, pty.termios().encode(Termios.SIZE));
      case TCGETS2 -> task.memory().write(argument, pty.termios().encode(Termios.SIZE2));
      case TCSETS, TCSETSW, TCSETSF -> {
        return setTermios(task, pty, master, argument, Termios.SIZE, request - TCSETS);
      }
      case TCSETS2, TCSETSW2, TCSETSF2 -> {
        return setTermios(task, pty, master, argument, Termios.SIZE2, request - TCSETS2);
      }
      case TIOCGWINSZ -> task.memory().putLong(argument, pty.size().encode());
      case TIOCSWINSZ -> pty.resize(WindowSize.decode(task.memory().getLong(argument)));
      case FIONREAD -> task.memory().putInt(argument, pty.readableBytes());
      case TIOCOUTQ -> task.memory().putInt(argument, pty.shownBytes());
      case TIOCEXCL -> pty.setExclusive(true);
      case TIOCNXCL -> pty.setExclusive(false);
      case TIOCGEXCL -> task.memory().putInt(argument, pty.exclusive() ? 1 : 0);
      case TIOCGETD -> task.memory().putInt(argument, 0);
      case TIOCSETD -> {
        return task.memory().getInt(argument) == 0 ? 0 : -Errno.EINVAL;
      }
      case TIOCGSOFTCAR -> task.memory().putInt(argument, 0);
      case TIOCSSOFTCAR, TIOCSBRK, TIOCCBRK -> {
        return 0;
      }
      case TIOCGDEV -> task.memory().putInt(argument, (int) (master ? PTMX : pty.device()));
      case TIOCSTI -> {
        return -Errno.EIO; // typing for others: switched off as in kernels since 6.2
      }
      case TIOCVHANGUP -> {
        if (!task.credentials().has(Capability.SYS_ADMIN)) {
          return -Errno.EPERM;
        }
        ControllingTerminal.hangUp(task.kernel().processes(), pty, false);
      }
      default -> {
        return control(task, pty, master, readable, request, argument);
      }
    }
    return 0;
  }

  /** Requests about the flow of bytes and about sessions. */
  private static long control(
      Task task, Pty pty, boolean master, boolean readable, int request, long argument)
      throws ErrnoException {
    return switch (request) {
      case TCFLSH -> flush(task, pty, master, (int) argument);
      case TCXONC -> flow(task, pty, master, (int) argument);
      case TCSBRK, TCSBRKP -> {
        long refused = change(task, pty, master);
        yield refused != 0 ? refused : drain(task, pty, master);
      }
      case TIOCSCTTY -> {
        boolean admin = task.credentials().has(Capability.SYS_ADMIN);
        yield ControllingTerminal.take(task, pty, readable || admin, admin && argument == 1);
      }
      case TIOCNOTTY -> ControllingTerminal.giveUp(task, pty);
      case TIOCGPGRP -> foreground(task, pty, master, argument);
      case TIOCSPGRP -> setForeground(task, pty, argument);
      case TIOCGSID -> session(task, pty, master, argument);
      default -> -Errno.ENOTTY;
    };
  }

  /** Whether the caller may change something: a background process is stopped. */
  private static long change(Task task, Pty pty, boolean master) {
    return master ? 0 : ControllingTerminal.check(task, pty, Signals.SIGTTOU);
  }

  private static long setTermios(
      Task task, Pty pty, boolean master, long argument, int size, int when) throws ErrnoException {
    long refused = change(task, pty, master);
    if (refused != 0) {
      return refused;
    }
    Termios next = pty.termios().replacedBy(task.memory().readBytes(argument, size));
    if (when > 0) {
      long drained = drain(task, pty, master);
      if (drained != 0) {
        return drained;
      }
    }
    if (when > 1) {
      pty.flushInput();
    }
    pty.setTermios(next);
    return 0;
  }

  /**
   * Waits until output has left. A pseudoterminal's has as soon as the master could read it, so
   * only stopped output is waited for by Linux; what the master did not read yet is not.
   */
  private static long drain(Task task, Pty pty, boolean master) throws ErrnoException {
    if (master || !pty.stopped()) {
      return 0;
    }
    return Blocking.until(
        task,
        pty.slaveQueue(),
        PollEvents.OUT | PollEvents.WRNORM,
        Task.NEVER,
        () -> pty.stopped() ? -Errno.EAGAIN : 0);
  }

  private static long flush(Task task, Pty pty, boolean master, int what) {
    long refused = change(task, pty, master);
    if (refused != 0) {
      return refused;
    }
    switch (what) {
      case TCIFLUSH -> pty.flushInput();
      case TCOFLUSH -> pty.flushOutput();
      case TCIOFLUSH -> {
        pty.flushInput();
        pty.flushOutput();
      }
      default -> {
        return -Errno.EINVAL;
      }
    }
    return 0;
  }

  private static long flow(Task task, Pty pty, boolean master, int what) {
    long refused = change(task, pty, master);
    if (refused != 0) {
      return refused;
    }
    switch (what) {
      case TCOOFF -> pty.flow(true);
      case TCOON -> pty.flow(false);
      case TCIOFF, TCION -> {
        return 0; // would send ^S or ^Q to a line that is none
      }
      default -> {
        return -Errno.EINVAL;
      }
    }
    return 0;
  }

  private static boolean isOwn(Task task, @Nullable Pty pty) {
    return pty != null && pty.equals(task.process().terminal());
  }

  private static long foreground(Task task, Pty pty, boolean master, long argument)
      throws ErrnoException {
    if (!master && !isOwn(task, pty)) {
      return -Errno.ENOTTY;
    }
    task.memory().putInt(argument, pty.foreground());
    return 0;
  }

  private static long setForeground(Task task, Pty pty, long argument) throws ErrnoException {
    long refused = ControllingTerminal.check(task, pty, Signals.SIGTTOU);
    if (refused == -Errno.EIO) {
      return -Errno.ENOTTY;
    }
    if (refused != 0) {
      return refused;
    }
    int group = task.memory().getInt(argument);
    if (group < 0) {
      return -Errno.EINVAL;
    }
    ProcessTree tree = task.kernel().processes();
    int session = tree.session(task.process(), 0);
    if (!isOwn(task, pty) || pty.session() != session) {
      return -Errno.ENOTTY;
    }
    if (tree.members(group).isEmpty()) {
      return -Errno.ESRCH;
    }
    if (!ControllingTerminal.inSession(tree, group, session)) {
      return -Errno.EPERM;
    }
    pty.setForeground(group);
    return 0;
  }

  private static long session(Task task, Pty pty, boolean master, long argument)
      throws ErrnoException {
    if ((!master && !isOwn(task, pty)) || pty.session() == 0) {
      return -Errno.ENOTTY;
    }
    task.memory().putInt(argument, pty.session());
    return 0;
  }
}
