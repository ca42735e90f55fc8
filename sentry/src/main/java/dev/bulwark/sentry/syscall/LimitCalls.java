package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;

/** Resource limits: getrlimit(2), setrlimit(2), prlimit(2). */
final class LimitCalls {
  /** {@code /proc/sys/fs/nr_open}: what no descriptor limit may exceed. */
  private static final long MAX_DESCRIPTORS = 1 << 20;

  /** A soft limit and the hard one above it. */
  private record Limit(long soft, long hard) {}

  private LimitCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.GETRLIMIT,
        Support.FULL,
        "",
        (t, resource, address, _, _, _, _) -> getrlimit(t, (int) resource, address));
    table.row(
        Sys.SETRLIMIT,
        Support.FULL,
        "",
        (t, resource, address, _, _, _, _) -> setrlimit(t, (int) resource, address));
    table.row(
        Sys.PRLIMIT64,
        Support.FULL,
        "",
        (t, pid, resource, next, old, _, _) -> prlimit(t, (int) pid, (int) resource, next, old));
  }

  private static long getrlimit(Task task, int resource, long address) throws ErrnoException {
    if (resource < 0 || resource >= Limits.COUNT) {
      return -Errno.EINVAL;
    }
    Limits limits = task.process().limits();
    store(task, address, new Limit(limits.soft(resource), limits.hard(resource)));
    return 0;
  }

  private static long setrlimit(Task task, int resource, long address) throws ErrnoException {
    Limit next = load(task, address);
    if (resource < 0 || resource >= Limits.COUNT) {
      return -Errno.EINVAL;
    }
    exchange(task, task.process(), resource, next);
    return 0;
  }

  private static long prlimit(Task task, int pid, int resource, long next, long old)
      throws ErrnoException {
    Limit wanted = next == 0 ? null : load(task, next);
    Task target = pid == 0 ? task : task.kernel().tasks().find(pid);
    if (target == null) {
      return -Errno.ESRCH;
    }
    if (!target.equals(task) && !mayLimit(task.credentials(), target.credentials())) {
      return -Errno.EPERM;
    }
    if (resource < 0 || resource >= Limits.COUNT) {
      return -Errno.EINVAL;
    }
    Limits limits = target.process().limits();
    Limit before;
    if (wanted == null) {
      before = new Limit(limits.soft(resource), limits.hard(resource));
    } else {
      before = exchange(task, target.process(), resource, wanted);
    }
    if (old != 0) {
      store(task, old, before);
    }
    return 0;
  }

  private static boolean mayLimit(Credentials own, Credentials theirs) {
    boolean sameUser =
        own.uid() == theirs.euid() && own.uid() == theirs.suid() && own.uid() == theirs.uid();
    boolean sameGroup =
        own.gid() == theirs.egid() && own.gid() == theirs.sgid() && own.gid() == theirs.gid();
    return (sameUser && sameGroup) || own.has(Capability.SYS_RESOURCE);
  }

  private static Limit exchange(Task task, ThreadGroup of, int resource, Limit next)
      throws ErrnoException {
    if (Long.compareUnsigned(next.soft, next.hard) > 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (resource == Limits.NOFILE && Long.compareUnsigned(next.hard, MAX_DESCRIPTORS) > 0) {
      throw ErrnoException.of(Errno.EPERM);
    }
    Limits limits = of.limits();
    Limit before;
    synchronized (limits) {
      before = new Limit(limits.soft(resource), limits.hard(resource));
      if (Long.compareUnsigned(next.hard, before.hard) > 0
          && !task.credentials().has(Capability.SYS_RESOURCE)) {
        throw ErrnoException.of(Errno.EPERM);
      }
      limits.set(resource, next.soft, next.hard);
    }
    if (resource == Limits.CPU) {
      of.timers().cpuLimitChanged(task.kernel().timers());
    }
    return before;
  }

  private static Limit load(Task task, long address) throws ErrnoException {
    return new Limit(task.memory().getLong(address), task.memory().getLong(address + 8));
  }

  private static void store(Task task, long address, Limit limit) throws ErrnoException {
    task.memory().putLong(address, limit.soft);
    task.memory().putLong(address + 8, limit.hard);
  }
}
