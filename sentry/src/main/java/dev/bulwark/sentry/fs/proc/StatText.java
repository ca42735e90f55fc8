package dev.bulwark.sentry.fs.proc;

import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.loader.Image;
import dev.bulwark.sentry.mm.MemorySizes;
import dev.bulwark.sentry.tty.Pty;
import org.jspecify.annotations.Nullable;

/** The line of /proc/PID/stat: 52 numbers and words in the order of proc(5). */
final class StatText {
  private static final long TICK = 10_000_000L;

  private StatText() {}

  static String line(ProcSystem system, Subject about) {
    Task task = about.task();
    String name = task == null ? "" : task.attributes().name();
    Task alone = about.thread() ? task : null;
    long user = alone == null ? about.process().cpu().userNanos() : alone.context().cpuTimeNanos();
    long kernel = alone == null ? about.process().systemNanos() : alone.systemNanos();
    MemorySizes sizes = about.sizes();
    @Nullable Image image = about.image();
    SignalSets signals = SignalSets.of(about);
    int threads = about.process().signals().count();
    long started = Math.max(0, about.process().startedNanos() - system.started());
    @Nullable Pty terminal = about.process().terminal();
    long resident = about.process().limits().soft(Limits.RSS);
    return new Fields()
        .add(about.tid())
        .word("(" + name + ")")
        .word(String.valueOf(about.state()))
        .add(about.parentPid())
        .add(about.groupId())
        .add(about.sessionId())
        .add(terminal == null ? 0 : terminal.device())
        .add(terminal == null ? -1 : terminal.foreground())
        .add(0) // flags
        .zeroes(4) // faults
        .add(user / TICK)
        .add(kernel / TICK)
        .add(about.process().cpu().childrenUserNanos() / TICK)
        .add(about.process().cpu().childrenSystemNanos() / TICK)
        .add(20) // priority
        .add(0) // nice
        .add(Math.max(1, threads))
        .add(0)
        .add(started / TICK)
        .add(sizes.total())
        .add(sizes.resident() >> 12)
        .unsigned(resident)
        .add(image == null ? 0 : image.codeStart())
        .add(image == null ? 0 : image.codeEnd())
        .add(image == null ? 0 : image.stackPointer())
        .zeroes(2) // registers
        .add(signals.pending() & 0x7fffffff)
        .add(signals.blocked() & 0x7fffffff)
        .add(signals.ignored() & 0x7fffffff)
        .add(signals.caught() & 0x7fffffff)
        .add(0) // where it waits
        .zeroes(2)
        .add(about.process().exitSignal())
        .add(0) // processor
        .zeroes(2) // real-time priority and policy
        .zeroes(3) // waiting for disks, guest time
        .add(image == null ? 0 : image.dataStart())
        .add(image == null ? 0 : image.dataEnd())
        .add(image == null ? 0 : image.brk())
        .add(image == null ? 0 : image.argumentsStart())
        .add(image == null ? 0 : image.argumentsEnd())
        .add(image == null ? 0 : image.argumentsEnd())
        .add(image == null ? 0 : image.environmentEnd())
        .add(0) // exit code
        .line();
  }

  /** Joins the fields by blanks. */
  private static final class Fields {
    private final StringBuilder text = new StringBuilder(256);

    Fields add(long value) {
      return word(Long.toString(value));
    }

    Fields unsigned(long value) {
      return word(Long.toUnsignedString(value));
    }

    Fields zeroes(int count) {
      for (int i = 0; i < count; i++) {
        add(0);
      }
      return this;
    }

    Fields word(String word) {
      text.append(text.isEmpty() ? "" : " ").append(word);
      return this;
    }

    String line() {
      return text.append('\n').toString();
    }
  }
}
