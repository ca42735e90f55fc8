package dev.bulwark.sentry.trace;

import dev.bulwark.sentry.signal.Signals;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Writes a {@code siginfo_t} with the members of its union that the signal and code select. */
final class SignalText {
  private SignalText() {}

  /**
   * Writes the structure.
   *
   * @param bytes at least the first 48 of it
   */
  static void print(Line out, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int signal = in.getInt(0);
    int code = in.getInt(8);
    out.text("{si_signo=");
    Scalar.Scalars.signal(out, signal);
    out.text(", si_code=").text(code(signal, code));
    if (in.getInt(4) != 0) {
      out.text(", si_errno=").number(in.getInt(4));
    }
    if (code > 0 && code < 0x80) {
      ofKernel(out, signal, code, in);
    } else if (code != 0x80) {
      ofSender(out, code, in);
    }
    out.text("}");
  }

  private static void ofKernel(Line out, int signal, int code, ByteBuffer in) {
    switch (signal) {
      case Signals.SIGCHLD -> {
        sender(out, in);
        out.text(", si_status=");
        if (code == 1) {
          out.number(in.getInt(24));
        } else {
          Scalar.Scalars.signal(out, in.getInt(24));
        }
        out.text(", si_utime=").number(in.getLong(32));
        out.text(", si_stime=").number(in.getLong(40));
      }
      case Signals.SIGSEGV, Signals.SIGBUS, Signals.SIGILL, Signals.SIGFPE, Signals.SIGTRAP ->
          out.text(", si_addr=").address(in.getLong(16));
      default -> out.text(", ...");
    }
  }

  private static void ofSender(Line out, int code, ByteBuffer in) {
    if (code == -2) {
      out.text(", si_timerid=").number(in.getInt(16));
      out.text(", si_overrun=").number(in.getInt(20));
    } else {
      sender(out, in);
    }
    if (code == -1 || code == -2 || code == -3) {
      out.text(", si_value=").hex(in.getLong(24));
    }
  }

  private static void sender(Line out, ByteBuffer in) {
    out.text(", si_pid=").number(in.getInt(16));
    out.text(", si_uid=").unsigned(in.getInt(20) & 0xffffffffL);
  }

  private static String code(int signal, int code) {
    String name = name("sicode", code);
    if (name == null) {
      String table =
          switch (signal) {
            case Signals.SIGCHLD -> "cldcode";
            case Signals.SIGSEGV -> "segvcode";
            case Signals.SIGBUS -> "buscode";
            case Signals.SIGILL -> "illcode";
            case Signals.SIGFPE -> "fpecode";
            case Signals.SIGTRAP -> "trapcode";
            default -> "sicode";
          };
      name = name(table, code);
    }
    return name == null ? Integer.toString(code) : name;
  }

  private static @Nullable String name(String table, int code) {
    Words words = Words.find(table);
    return words == null ? null : words.name(code);
  }
}
