package dev.bulwark.sentry.trace;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.WaitStatus;
import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.signal.Signals;
import dev.bulwark.sentry.syscall.SyscallTable;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes every system call, signal and end of every task to a stream, as {@code strace -f -T} does.
 * A kernel without a tracer pays for a comparison with null. Thread-safe.
 */
public final class Tracer {
  private final TraceFilter filter;
  private final TraceLog log;

  /**
   * A tracer that writes to a stream.
   *
   * @param to receives ISO-8859-1 text, a write for each piece of a line; not closed
   */
  public Tracer(TraceFilter filter, OutputStream to) {
    this.filter = filter;
    this.log = new TraceLog(to);
  }

  /** Answers a call through the table and writes it. Parameters and result as in the table. */
  public long dispatch(
      SyscallTable table, Task task, long number, long a, long b, long c, long d, long e, long f) {
    CallView call = enter(task, number, a, b, c, d, e, f);
    if (call == null) {
      return table.dispatch(task, number, a, b, c, d, e, f);
    }
    boolean returned = false;
    try {
      long result = table.dispatch(task, number, a, b, c, d, e, f);
      leave(call, result);
      returned = true;
      return result;
    } finally {
      if (!returned) {
        abandon(call);
      }
    }
  }

  private @Nullable CallView enter(
      Task task, long number, long a, long b, long c, long d, long e, long f) {
    Signature signature = Signature.of(number);
    if (!filter.wants(signature)) {
      return null;
    }
    CallView call = new CallView(task, number, new long[] {a, b, c, d, e, f}, signature);
    if (filter.wantsBeforeResult()) {
      log.begin(task.tid(), start(call));
      if (number == Sys.EXIT || number == Sys.EXIT_GROUP) {
        abandon(call);
        return null;
      }
    }
    return call;
  }

  private static String start(CallView call) {
    Line line = new Line().text(call.signature.name()).text("(");
    arguments(line, call);
    return line.toString();
  }

  /** Writes the arguments from the first that is not written to the last that can be. */
  private static void arguments(Line line, CallView call) {
    List<Argument> arguments = call.signature.arguments();
    while (call.printed < arguments.size()) {
      Argument argument = arguments.get(call.printed);
      if (!argument.present(call)) {
        call.printed = arguments.size();
        return;
      }
      if (argument.late(call) && !call.done) {
        return;
      }
      line.text(call.printed == 0 ? "" : ", ");
      int mark = line.mark();
      long value = call.arguments[call.printed];
      try {
        if (argument.late(call) && call.failed()) {
          line.address(value);
        } else {
          argument.print(line, call, call.printed);
        }
      } catch (ErrnoException | RuntimeException unreadable) {
        // A hostile pointer or a hole in the tables must not reach the task.
        line.cutTo(mark);
        line.address(value);
      }
      call.printed++;
    }
  }

  private void leave(CallView call, long result) {
    call.done = true;
    call.result = result;
    call.memory = call.task.memory();
    double seconds = (System.nanoTime() - call.started) / 1e9;
    if (!filter.wantsResult(call.failed())) {
      return;
    }
    boolean fresh = !filter.wantsBeforeResult();
    Line line = new Line();
    if (fresh) {
      line.text(call.signature.name()).text("(");
    }
    arguments(line, call);
    line.text(") = ");
    result(line, call);
    line.text(String.format(Locale.ROOT, " <%.6f>", seconds));
    if (fresh) {
      log.line(call.task.tid(), line.toString());
    } else {
      log.end(call.task.tid(), resumed(call), line.toString());
    }
  }

  private static String resumed(CallView call) {
    return "<... " + call.signature.name() + " resumed>";
  }

  private void abandon(CallView call) {
    call.printed = call.signature.arguments().size();
    log.end(call.task.tid(), resumed(call), ") = ?");
  }

  private static void result(Line line, CallView call) {
    long result = call.result;
    if (call.failed()) {
      int errno = (int) -result;
      switch (errno) {
        case Errno.ERESTARTSYS -> line.text("? ERESTARTSYS (To be restarted if SA_RESTART is set)");
        case Errno.ERESTARTNOINTR -> line.text("? ERESTARTNOINTR (To be restarted)");
        case Errno.ERESTARTNOHAND -> line.text("? ERESTARTNOHAND (To be restarted if no handler)");
        case Errno.ERESTART_RESTARTBLOCK ->
            line.text("? ERESTART_RESTARTBLOCK (Interrupted by signal)");
        default -> line.text("-1 ").text(Errno.describe(errno));
      }
      return;
    }
    switch (call.signature.result()) {
      case HEX -> line.text(result == 0 ? "0" : "0x" + Long.toHexString(result));
      case OCTAL -> line.octal(result);
      default -> line.number(result);
    }
    int mark = line.mark();
    try {
      ready(line, call);
    } catch (ErrnoException unreadable) {
      line.cutTo(mark);
    }
  }

  private static void ready(Line line, CallView call) throws ErrnoException {
    Signature.Result form = call.signature.result();
    if (form != Signature.Result.POLLED && form != Signature.Result.SELECTED) {
      return;
    }
    if (call.result == 0) {
      line.text(" (Timeout)");
    } else if (form == Signature.Result.POLLED) {
      BufferArgument.polled(line, call.memory, call.arguments[0], call.arguments[1]);
    } else {
      String[] names = {"in", "out", "exc"};
      String separator = " (";
      for (int set = 0; set < 3; set++) {
        if (call.arguments[set + 1] != 0) {
          line.text(separator).text(names[set]).text(" ");
          BufferArgument.descriptors(
              line, call.memory, call.arguments[set + 1], (int) call.arguments[0]);
          separator = ", ";
        }
      }
      line.text(separator.equals(", ") ? ")" : "");
    }
  }

  /** Notes that a signal reaches a task: its handler runs, or it does what it does by default. */
  public void signal(Task task, SignalInfo info) {
    if (filter.wantsSignal(info.signo())) {
      Line line = new Line().text("--- ").text(Signals.name(info.signo())).text(" ");
      SignalText.print(line, info.encode());
      log.line(task.tid(), line.text(" ---").toString());
    }
  }

  /** Notes that a signal stopped a task. */
  public void stopped(Task task, int signal) {
    if (filter.wantsSignal(signal)) {
      log.line(task.tid(), "--- stopped by " + Signals.name(signal) + " ---");
    }
  }

  /** Notes the end of a task. */
  public void ended(Task task, WaitStatus status) {
    log.line(task.tid(), "+++ " + describe(Objects.requireNonNull(status)) + " +++");
  }

  private static String describe(WaitStatus status) {
    int word = status.encoded();
    int signal = word & 0x7f;
    return signal == 0
        ? "exited with " + (word >> 8 & 0xff)
        : "killed by " + Signals.name(signal) + ((word & 0x80) != 0 ? " (core dumped)" : "");
  }
}
