package dev.bulwark.sentry.fs.signalfd;

import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.signal.Signals;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The C structure that a read gives for each signal ({@code struct signalfd_siginfo}). */
final class SignalRecord {
  static final int SIZE = 128;

  private static final int ERRNO = 4;
  private static final int CODE = 8;
  private static final int PID = 12;
  private static final int UID = 16;
  private static final int FD = 20;
  private static final int TIMER = 24;
  private static final int BAND = 28;
  private static final int OVERRUN = 32;
  private static final int STATUS = 40;
  private static final int INT = 44;
  private static final int PTR = 48;
  private static final int USER_TIME = 56;
  private static final int SYSTEM_TIME = 64;
  private static final int ADDRESS = 72;

  private static final int SI_SIGIO = -5;
  private static final int LAST_POLL_CODE = 6;

  private SignalRecord() {}

  /** What of a siginfo's union means something, by signal and code (Linux's siginfo_layout). */
  private enum Layout {
    SENDER,
    VALUE,
    TIMER,
    FAULT,
    CHILD,
    POLL
  }

  private static Layout layout(SignalInfo info) {
    int code = info.code();
    if (code > SignalInfo.SI_USER && code < SignalInfo.SI_KERNEL) {
      return switch (info.signo()) {
        case Signals.SIGILL, Signals.SIGFPE, Signals.SIGSEGV, Signals.SIGBUS, Signals.SIGTRAP ->
            Layout.FAULT;
        case Signals.SIGCHLD -> Layout.CHILD;
        case Signals.SIGIO -> Layout.POLL;
        default -> code <= LAST_POLL_CODE ? Layout.POLL : Layout.SENDER;
      };
    }
    return switch (code) {
      case SignalInfo.SI_TIMER -> Layout.TIMER;
      case SI_SIGIO -> Layout.POLL;
      default -> code < 0 ? Layout.VALUE : Layout.SENDER;
    };
  }

  static byte[] encode(SignalInfo info) {
    byte[] bytes = new byte[SIZE];
    ByteBuffer to = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(0, info.signo()).putInt(ERRNO, info.errno()).putInt(CODE, info.code());
    switch (layout(info)) {
      case SENDER -> to.putInt(PID, info.pid()).putInt(UID, info.uid());
      case VALUE -> {
        to.putInt(PID, info.pid()).putInt(UID, info.uid());
        to.putInt(INT, (int) info.value()).putLong(PTR, info.value());
      }
      case TIMER -> {
        to.putInt(TIMER, info.timerId()).putInt(OVERRUN, info.overrun());
        to.putInt(INT, (int) info.value()).putLong(PTR, info.value());
      }
      case FAULT -> to.putLong(ADDRESS, info.address());
      case CHILD -> {
        to.putInt(PID, info.pid()).putInt(UID, info.uid()).putInt(STATUS, info.status());
        to.putLong(USER_TIME, info.userTicks()).putLong(SYSTEM_TIME, info.systemTicks());
      }
      case POLL -> to.putInt(BAND, (int) info.band()).putInt(FD, info.fd());
    }
    return bytes;
  }
}
