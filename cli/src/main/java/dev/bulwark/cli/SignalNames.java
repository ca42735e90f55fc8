package dev.bulwark.cli;

import java.util.List;
import java.util.Locale;

/** The names of signals (signal(7), x86). */
final class SignalNames {
  private static final int REALTIME_MIN = 34;
  private static final int REALTIME_MAX = 64;
  private static final List<String> NAMES =
      List.of(
          ("HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT"
                  + " STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS")
              .split(" ", -1));

  private SignalNames() {}

  /**
   * The number of a signal: {@code 15}, {@code TERM} or {@code SIGTERM}, {@code RTMIN+3}.
   *
   * @throws UsageException when there is none
   */
  static int number(String word) throws UsageException {
    String upper = word.toUpperCase(Locale.ROOT);
    String name = upper.startsWith("SIG") ? upper.substring(3) : upper;
    int place = NAMES.indexOf(name);
    if (place >= 0) {
      return place + 1;
    }
    try {
      int number =
          name.startsWith("RTMIN")
              ? REALTIME_MIN + offset(name.substring(5))
              : name.startsWith("RTMAX")
                  ? REALTIME_MAX + offset(name.substring(5))
                  : Integer.parseInt(name);
      if (number >= 1 && number <= REALTIME_MAX) {
        return number;
      }
    } catch (NumberFormatException unknown) {
      throw new UsageException("unknown signal '" + word + "'");
    }
    throw new UsageException("unknown signal '" + word + "'");
  }

  private static int offset(String text) {
    return text.isEmpty() ? 0 : Integer.parseInt(text);
  }
}
