package dev.bulwark.sentry.vfs;

import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.signal.Signals;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.Waiter;

/** Sends the signals of one description's signal-driven input and output (O_ASYNC). */
final class SignalDriven implements Waiter {
  /** si_code of a signal that has codes of its own (SI_SIGIO). */
  private static final int SI_SIGIO = -5;

  /** What happened: si_code, and the events that si_band tells with it. */
  private enum Reason {
    IN(1, PollEvents.IN | PollEvents.RDNORM),
    OUT(2, PollEvents.OUT | PollEvents.WRNORM | PollEvents.WRBAND),
    ERR(4, PollEvents.ERR),
    PRI(5, PollEvents.PRI | PollEvents.RDBAND),
    HUP(6, PollEvents.HUP | PollEvents.ERR);

    private final int code;
    private final int band;

    Reason(int code, int band) {
      this.code = code;
      this.band = band;
    }

    static Reason of(int events) {
      if ((events & PollEvents.IN) != 0) {
        return IN;
      }
      if ((events & PollEvents.OUT) != 0) {
        return OUT;
      }
      if ((events & PollEvents.PRI) != 0) {
        return PRI;
      }
      return (events & PollEvents.HUP) != 0 ? HUP : ERR;
    }
  }

  private final FileDescription file;
  private final int fd;
  private final int wanted;

  /**
   * A sender that has to be hung on the description's queue.
   *
   * @param fd the descriptor that the signals name
   */
  SignalDriven(FileDescription file, int fd) {
    this.file = file;
    this.fd = fd;
    int events = file.readable() ? PollEvents.IN | PollEvents.RDNORM | PollEvents.PRI : 0;
    wanted = events | (file.writable() ? PollEvents.OUT | PollEvents.WRNORM : 0);
  }

  /** The events to wait for. */
  int wanted() {
    return wanted;
  }

  @Override
  public void wake(int events) {
    AsyncOwner owner = file.asyncOwner();
    if (owner == null) {
      return;
    }
    Reason reason = Reason.of(events & (wanted | PollEvents.ERR | PollEvents.HUP));
    int signal = file.asyncSignal();
    owner.send(signal, SignalInfo.poll(signal, code(signal, reason.code), reason.band, fd));
  }

  /** The si_code to send with a signal: another one where the reason's own would be mistaken. */
  static int code(int signal, int reason) {
    return hasCodes(signal) ? SI_SIGIO : reason;
  }

  /** Whether other meanings of si_code would be mistaken for this one. */
  private static boolean hasCodes(int signal) {
    return switch (signal) {
      case Signals.SIGILL,
          Signals.SIGFPE,
          Signals.SIGSEGV,
          Signals.SIGBUS,
          Signals.SIGTRAP,
          Signals.SIGCHLD,
          Signals.SIGSYS ->
          true;
      default -> false;
    };
  }
}
