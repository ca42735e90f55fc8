package dev.bulwark.sentry.trace;

import dev.bulwark.sentry.signal.Signals;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a plain value is written, whether it stands in a register or in a field of a structure. */
@FunctionalInterface
interface Scalar {
  void print(Line out, long value);

  /** The scalars by the names that the tables use; a table of {@link Words} is one too. */
  static @Nullable Scalar find(String name) {
    Scalar scalar = Scalars.ALL.get(name);
    if (scalar != null) {
      return scalar;
    }
    Words words = Words.find(name);
    return words == null ? null : words::print;
  }

  /** The registry. */
  final class Scalars {
    private static final int AT_FDCWD = -100;
    static final Map<String, Scalar> ALL = new HashMap<>();

    static {
      ALL.put("d", (out, v) -> out.integer(v));
      ALL.put("u", (out, v) -> out.number(v & 0xffffffffL));
      ALL.put("ld", Line::number);
      ALL.put("lu", Line::unsigned);
      ALL.put("x", Line::hex);
      ALL.put("ptr", Line::address);
      ALL.put("fd", (out, v) -> out.integer(v));
      ALL.put("dirfd", Scalars::directory);
      ALL.put("id", (out, v) -> out.text((int) v == -1 ? "-1" : Integer.toUnsignedString((int) v)));
      ALL.put("mode", (out, v) -> out.octal(v & 0xffffffffL));
      ALL.put("modet", Scalars::fileMode);
      ALL.put("sig", Scalars::signal);
      ALL.put("dev", Scalars::device);
      ALL.put("lim", Scalars::limit);
      ALL.put("openflags", Scalars::open);
      ALL.put("waitstatus", Scalars::waitStatus);
      ALL.put("socktypeflags", Scalars::socketType);
      ALL.put("futexop", Scalars::futex);
      ALL.put("cloneflags", Scalars::clone);
      ALL.put("clockid", Scalars::clock);
      ALL.put("sigmask", Scalars::signals);
      ALL.put("prot", (out, v) -> none(out, "prot", v, "PROT_NONE"));
      ALL.put("access", (out, v) -> none(out, "access", v & 0xffffffffL, "F_OK"));
      ALL.put("schedpolicy", Scalars::scheduling);
    }

    private Scalars() {}

    private static Words words(String name) {
      return Objects.requireNonNull(Words.find(name), name);
    }

    private static void none(Line out, String table, long value, String zero) {
      if (value == 0) {
        out.text(zero);
      } else {
        words(table).print(out, value);
      }
    }

    private static void directory(Line out, long value) {
      if ((int) value == AT_FDCWD) {
        out.text("AT_FDCWD");
      } else {
        out.integer(value);
      }
    }

    private static void fileMode(Line out, long value) {
      String type = words("modet").name(value & 0170000);
      if (type != null) {
        out.text(type).text("|");
      }
      out.octal(type == null ? value : value & 07777);
    }

    static void signal(Line out, long value) {
      int signal = (int) value;
      if (Signals.valid(signal)) {
        out.text(Signals.name(signal));
      } else {
        out.number(signal);
      }
    }

    private static void device(Line out, long value) {
      long major = (value >>> 8 & 0xfff) | (value >>> 32 & ~0xfffL);
      long minor = (value & 0xff) | (value >>> 12 & ~0xffL & 0xffffffffL);
      out.text("makedev(").hex(major).text(", ").hex(minor).text(")");
    }

    private static void limit(Line out, long value) {
      if (value == -1) {
        out.text("RLIM64_INFINITY");
      } else if (value > 1024 && (value & 1023) == 0) {
        out.unsigned(value >>> 10).text("*1024");
      } else {
        out.unsigned(value);
      }
    }

    private static void open(Line out, long value) {
      String[] modes = {"O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"};
      out.text(modes[(int) value & 3]);
      long rest = value & 0xfffffffcL;
      if (rest != 0) {
        out.text("|");
        words("open").printBits(out, rest);
      }
    }

    static void waitStatus(Line out, long value) {
      int status = (int) value;
      int signal = status & 0x7f;
      if (status == 0xffff) {
        out.text("{WIFCONTINUED(s)}");
      } else if ((status & 0xff) == 0x7f) {
        out.text("{WIFSTOPPED(s) && WSTOPSIG(s) == ");
        signal(out, status >> 8 & 0xff);
        out.text("}");
      } else if (signal == 0) {
        out.text("{WIFEXITED(s) && WEXITSTATUS(s) == ").number(status >> 8 & 0xff).text("}");
      } else {
        out.text("{WIFSIGNALED(s) && WTERMSIG(s) == ");
        signal(out, signal);
        out.text((status & 0x80) != 0 ? " && WCOREDUMP(s)}" : "}");
      }
    }

    private static void socketType(Line out, long value) {
      words("socktype").print(out, value & 0xf);
      if ((value & 0xfffffff0L) != 0) {
        out.text("|");
        words("sockflags").print(out, value & 0xfffffff0L);
      }
    }

    private static void futex(Line out, long value) {
      words("futex").print(out, value & 127);
      out.text((value & 128) != 0 ? "_PRIVATE" : "");
      out.text((value & 256) != 0 ? "|FUTEX_CLOCK_REALTIME" : "");
    }

    private static void clone(Line out, long value) {
      if ((value & ~255L) != 0) {
        words("clone").print(out, value & ~255L);
        if ((value & 255) != 0) {
          out.text("|");
        }
      }
      if ((value & 255) != 0) {
        signal(out, value & 255);
      } else if (value == 0) {
        out.text("0");
      }
    }

    private static void clock(Line out, long value) {
      int clock = (int) value;
      if (clock < 0) { // a descriptor or the CPU time of a process: clock_getres(2)
        out.number(clock);
      } else {
        words("clock").print(out, clock);
      }
    }

    private static void scheduling(Line out, long value) {
      int resetOnFork = 0x40000000;
      words("sched").print(out, value & 0xffffffffL & ~resetOnFork);
      out.text((value & resetOnFork) != 0 ? "|SCHED_RESET_ON_FORK" : "");
    }

    /** A set of signals: the members, or those that are missing when most are in it. */
    static void signals(Line out, long set) {
      boolean inverted = Long.bitCount(set) > 32;
      long shown = inverted ? ~set : set;
      out.text(inverted ? "~[" : "[");
      boolean first = true;
      for (int signal = 1; signal <= 64; signal++) {
        if ((shown >>> (signal - 1) & 1) != 0) {
          String name = Signals.name(signal);
          out.text(first ? "" : " ").text(name.startsWith("SIG") ? name.substring(3) : name);
          first = false;
        }
      }
      out.text("]");
    }
  }
}
