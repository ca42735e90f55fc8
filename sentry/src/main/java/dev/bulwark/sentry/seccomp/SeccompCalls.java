package dev.bulwark.sentry.seccomp;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.signal.TaskSignals;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.List;

/** seccomp(2), and the two options of prctl(2) that do the same. */
public final class SeccompCalls {
  private static final int SET_MODE_STRICT = 0;
  private static final int SET_MODE_FILTER = 1;
  private static final int GET_ACTION_AVAIL = 2;

  private static final int FLAG_TSYNC = 1;
  private static final int FLAG_LOG = 2;
  private static final int FLAG_SPEC_ALLOW = 4;
  private static final int FLAG_TSYNC_ESRCH = 0x10;
  private static final int KNOWN_FLAGS = FLAG_TSYNC | FLAG_LOG | FLAG_SPEC_ALLOW | FLAG_TSYNC_ESRCH;

  private SeccompCalls() {}

  /** Adds the row. */
  public static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.SECCOMP,
        Support.PARTIAL,
        "no listeners: SECCOMP_FILTER_FLAG_NEW_LISTENER and SECCOMP_GET_NOTIF_SIZES are EINVAL",
        (t, operation, flags, arguments, _, _, _) ->
            seccomp(t, (int) operation, (int) flags, arguments));
  }

  private static long seccomp(Task task, int operation, int flags, long arguments)
      throws ErrnoException {
    return switch (operation) {
      case SET_MODE_STRICT -> flags != 0 || arguments != 0 ? -Errno.EINVAL : setStrict(task);
      case SET_MODE_FILTER -> setFilter(task, flags, arguments);
      case GET_ACTION_AVAIL -> {
        if (flags != 0) {
          yield -Errno.EINVAL;
        }
        yield Actions.available(task.memory().getInt(arguments)) ? 0 : -Errno.EOPNOTSUPP;
      }
      default -> -Errno.EINVAL;
    };
  }

  /** PR_GET_SECCOMP. */
  public static long mode(Task task) {
    SeccompFilters filters = task.seccomp();
    return filters == null ? 0 : filters.mode();
  }

  /** PR_SET_SECCOMP. */
  public static long setMode(Task task, long mode, long program) throws ErrnoException {
    if (mode == SeccompFilters.STRICT_MODE) {
      return setStrict(task);
    }
    return mode == SeccompFilters.FILTER_MODE ? setFilter(task, 0, program) : -Errno.EINVAL;
  }

  private static long setStrict(Task task) {
    synchronized (task.process()) {
      SeccompFilters now = task.seccomp();
      if (now != null && now.mode() != SeccompFilters.STRICT_MODE) {
        return -Errno.EINVAL;
      }
      task.setSeccomp(SeccompFilters.strict());
      return 0;
    }
  }

  private static long setFilter(Task task, int flags, long program) throws ErrnoException {
    if ((flags & ~KNOWN_FLAGS) != 0) {
      return -Errno.EINVAL;
    }
    int length = task.memory().getShort(program) & 0xffff; // struct sock_fprog
    long instructions = task.memory().getLong(program + 8);
    if (length == 0 || length > Bpf.MAX_INSTRUCTIONS) {
      return -Errno.EINVAL;
    }
    if (!task.attributes().noNewPrivileges() && !task.credentials().has(Capability.SYS_ADMIN)) {
      return -Errno.EACCES;
    }
    byte[] bytes = task.memory().readBytes(instructions, length * Bpf.INSTRUCTION_SIZE);
    BpfProgram filter = BpfProgram.of(bytes);
    boolean logged = (flags & FLAG_LOG) != 0;
    ThreadGroup process = task.process();
    synchronized (process) {
      SeccompFilters old = task.seccomp();
      if (old != null && old.mode() != SeccompFilters.FILTER_MODE) {
        return -Errno.EINVAL;
      }
      SeccompFilters next = SeccompFilters.with(filter, old, logged);
      FilterBudget.require(task, next);
      if ((flags & FLAG_TSYNC) != 0) {
        long refused = synchronize(task, next, (flags & FLAG_TSYNC_ESRCH) != 0);
        if (refused != 0) {
          return refused;
        }
      }
      task.setSeccomp(next);
      return 0;
    }
  }

  /**
   * Gives the other tasks of the process the same filters, provided that all of them have no others
   * yet; called with the process's monitor held.
   *
   * @return 0, or the identifier of a task that has others, or ESRCH negated instead
   */
  private static long synchronize(Task task, SeccompFilters next, boolean anonymous) {
    List<Task> others = new ArrayList<>();
    for (TaskSignals each : task.process().signals().tasks()) {
      Task other = each.task();
      if (other.equals(task)) {
        continue;
      }
      SeccompFilters its = other.seccomp();
      SeccompFilters own = task.seccomp();
      boolean same = its == null || (own != null && own.continues(its));
      if (!same) {
        return anonymous ? -Errno.ESRCH : other.tid();
      }
      others.add(other);
    }
    for (Task other : others) {
      if (task.attributes().noNewPrivileges()) {
        other.attributes().refuseNewPrivileges();
      }
      other.setSeccomp(next);
    }
    return 0;
  }
}
