package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.seccomp.Enforcement;
import dev.bulwark.sentry.seccomp.SeccompFilters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * All system calls that Linux has, each with what the Sentry makes of it. Immutable once built, but
 * for the counts of refused calls; safe for use by several threads.
 */
public final class SyscallTable {
  private static final Handler NOT_IMPLEMENTED = (_, _, _, _, _, _, _) -> -Errno.ENOSYS;

  /**
   * How many different numbers are counted apart. A hostile program may try all 2^64; what comes
   * later than this many falls into one common count.
   */
  private static final int MAX_COUNTED = 1024;

  /** The key under which calls beyond {@link #MAX_COUNTED} are counted. */
  public static final long OTHER_NUMBERS = -1;

  private final Row[] rows;
  private final ConcurrentSkipListMap<Long, LongAdder> refused = new ConcurrentSkipListMap<>();

  private SyscallTable(Row[] rows) {
    this.rows = rows;
  }

  /** A builder with no rows. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects the rows of the topics. */
  public static final class Builder {
    private final Map<Integer, Row> rows = new TreeMap<>();

    private Builder() {}

    /**
     * Adds a call.
     *
     * @param note what is missing or peculiar; must not be empty for a partial call
     * @throws IllegalArgumentException when Linux has no such number, the number is taken, or a
     *     note is missing
     */
    public Builder row(int number, Support support, String note, Handler handler) {
      if (!Sys.exists(number)) {
        throw new IllegalArgumentException("Linux has no system call " + number);
      }
      if (support == Support.PARTIAL && note.isEmpty()) {
        throw new IllegalArgumentException(Sys.name(number) + " is partial: say what is missing");
      }
      if (rows.putIfAbsent(number, new Row(number, Sys.name(number), support, note, handler))
          != null) {
        throw new IllegalArgumentException(Sys.name(number) + " has two rows");
      }
      return this;
    }

    /** The table; numbers without a row are not implemented. */
    public SyscallTable build() {
      Row[] all = new Row[Sys.LIMIT];
      for (int number = 0; number < Sys.LIMIT; number++) {
        Row row = rows.get(number);
        all[number] =
            row != null
                ? row
                : new Row(number, Sys.name(number), Support.UNIMPLEMENTED, "", NOT_IMPLEMENTED);
      }
      return new SyscallTable(all);
    }
  }

  /**
   * Answers a call of a task.
   *
   * @param number what stood in rax: anything at all
   * @return the handler's result; ENOSYS negated for a number that is unknown or not implemented
   */
  public long dispatch(Task task, long number, long a, long b, long c, long d, long e, long f) {
    SeccompFilters filters = task.seccomp();
    if (filters != null && !filters.alwaysAllows(number)) {
      long verdict = Enforcement.check(task, filters, number, a, b, c, d, e, f);
      if (verdict != Enforcement.ALLOWED) {
        return verdict;
      }
    }
    if (number >= 0 && number < rows.length) {
      Row row = rows[(int) number];
      if (row.support() != Support.UNIMPLEMENTED) {
        try {
          return row.handler().call(task, a, b, c, d, e, f);
        } catch (ErrnoException failure) {
          return failure.errno() == Errno.ESTALE
              ? again(row, task, a, b, c, d, e, f)
              : -failure.errno();
        } catch (InternalError fault) {
          if (!lateFault(fault)) {
            throw fault;
          }
          return -Errno.EFAULT;
        }
      }
    }
    countRefusal(number);
    return -Errno.ENOSYS;
  }

  /**
   * Makes a call once more that met a file which others had removed or moved since it was found:
   * now names are looked up anew, as Linux does it for network file systems.
   */
  private static long again(Row row, Task task, long a, long b, long c, long d, long e, long f) {
    try {
      return row.handler().call(task, a, b, c, d, e, f);
    } catch (ErrnoException failure) {
      return -failure.errno();
    }
  }

  /**
   * Whether an error tells of a page that a file does not have any more. The JVM may report it some
   * way behind the access, where the code that made the access cannot catch it.
   */
  private static boolean lateFault(InternalError fault) {
    String message = fault.getMessage();
    return message != null && message.contains("unsafe memory access");
  }

  private void countRefusal(long number) {
    LongAdder count = refused.get(number);
    if (count == null) {
      Long key = refused.size() < MAX_COUNTED ? number : OTHER_NUMBERS;
      count = refused.computeIfAbsent(key, _ -> new LongAdder());
    }
    count.increment();
  }

  /** The calls that Linux has, by number. */
  public List<Row> rows() {
    List<Row> known = new ArrayList<>();
    for (Row row : rows) {
      if (Sys.exists(row.number())) {
        known.add(row);
      }
    }
    return Collections.unmodifiableList(known);
  }

  /**
   * How often each unknown or unimplemented number was refused; {@link #OTHER_NUMBERS} gathers the
   * overflow.
   */
  public Map<Long, Long> refusals() {
    Map<Long, Long> counts = new TreeMap<>();
    refused.forEach((number, count) -> counts.put(number, count.sum()));
    return counts;
  }
}
