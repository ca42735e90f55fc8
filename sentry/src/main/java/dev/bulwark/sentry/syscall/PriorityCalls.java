package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.ProcessTree;
import dev.bulwark.sentry.kernel.Scheduling;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import java.util.ArrayList;
import java.util.List;

/** Nice values and priorities of input and output, of tasks, groups and users. */
final class PriorityCalls {
  private static final int ONE = 0;
  private static final int GROUP = 1;
  private static final int USER = 2;
  private static final int LOWEST_NICE = -20;
  private static final int HIGHEST_NICE = 19;
  private static final int IO_CLASS_SHIFT = 13;

  private PriorityCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.GETPRIORITY,
        Support.FULL,
        "",
        (t, which, who, _, _, _, _) -> getPriority(t, (int) which, (int) who));
    table.row(
        Sys.SETPRIORITY,
        Support.PARTIAL,
        "kept and told; the host schedules",
        (t, which, who, nice, _, _, _) -> setPriority(t, (int) which, (int) who, (int) nice));
    table.row(
        Sys.IOPRIO_GET,
        Support.FULL,
        "",
        (t, which, who, _, _, _, _) -> getIoPriority(t, (int) which - 1, (int) who));
    table.row(
        Sys.IOPRIO_SET,
        Support.PARTIAL,
        "kept and told; the host schedules",
        (t, which, who, value, _, _, _) ->
            setIoPriority(t, (int) which - 1, (int) who, (int) value));
  }

  private static List<Task> select(Task task, int which, int who) {
    if (which == ONE) {
      Task one = who == 0 ? task : task.kernel().tasks().find(who);
      return one == null ? List.of() : List.of(one);
    }
    List<Task> found = new ArrayList<>();
    ProcessTree tree = task.kernel().processes();
    int group = who == 0 && which == GROUP ? tree.group(task.process(), 0) : who;
    int user = who == 0 ? task.credentials().uid() : who;
    List<ThreadGroup> members = which == GROUP ? tree.members(group) : List.of();
    for (Task other : task.kernel().tasks().all()) {
      boolean selected =
          which == GROUP ? members.contains(other.process()) : other.credentials().uid() == user;
      if (selected) {
        found.add(other);
      }
    }
    return found;
  }

  /** The raw call gives 1 to 40, so that no nice value looks like an error. */
  private static long getPriority(Task task, int which, int who) {
    if (which < ONE || which > USER) {
      return -Errno.EINVAL;
    }
    long best = -Errno.ESRCH;
    for (Task one : select(task, which, who)) {
      best = Math.max(best, 20L - one.attributes().scheduling().nice());
    }
    return best;
  }

  private static long setPriority(Task task, int which, int who, int nice) {
    if (which < ONE || which > USER) {
      return -Errno.EINVAL;
    }
    int wanted = Math.clamp(nice, LOWEST_NICE, HIGHEST_NICE);
    long result = -Errno.ESRCH;
    for (Task one : select(task, which, who)) {
      if (!mayRenice(task.credentials(), one.credentials())) {
        result = -Errno.EPERM;
        continue;
      }
      Scheduling its = one.attributes().scheduling();
      if (wanted < its.nice() && !mayLower(task, one, wanted)) {
        result = -Errno.EACCES;
        continue;
      }
      if (result == -Errno.ESRCH) {
        result = 0;
      }
      its.setNice(wanted);
    }
    return result;
  }

  private static boolean mayRenice(Credentials own, Credentials theirs) {
    return theirs.uid() == own.euid()
        || theirs.euid() == own.euid()
        || own.has(Capability.SYS_NICE);
  }

  private static boolean mayLower(Task task, Task target, int nice) {
    long limit = target.process().limits().soft(Limits.NICE);
    return Long.compareUnsigned(20L - nice, limit) <= 0
        || task.credentials().has(Capability.SYS_NICE);
  }

  private static long getIoPriority(Task task, int which, int who) {
    if (which < ONE || which > USER) {
      return -Errno.EINVAL;
    }
    List<Task> found = select(task, which, who);
    return found.isEmpty() ? -Errno.ESRCH : found.getFirst().attributes().scheduling().ioPriority();
  }

  private static long setIoPriority(Task task, int which, int who, int value) {
    int kind = value >> IO_CLASS_SHIFT;
    int level = value & 7;
    if (kind == 1 && !mayBeFirst(task)) {
      return -Errno.EPERM;
    }
    if (kind < 0 || kind > 3 || (kind == 0 && level != 0) || which < ONE || which > USER) {
      return -Errno.EINVAL;
    }
    long result = -Errno.ESRCH;
    for (Task one : select(task, which, who)) {
      Credentials own = task.credentials();
      int theirs = one.credentials().uid();
      if (theirs != own.euid() && theirs != own.uid() && !own.has(Capability.SYS_NICE)) {
        return -Errno.EPERM;
      }
      one.attributes().scheduling().setIoPriority(value);
      result = 0;
    }
    return result;
  }

  private static boolean mayBeFirst(Task task) {
    return task.credentials().has(Capability.SYS_ADMIN)
        || task.credentials().has(Capability.SYS_NICE);
  }
}
