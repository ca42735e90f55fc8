package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Scheduling;
import dev.bulwark.sentry.kernel.Task;

/** Scheduling of one task: sched_yield(2) and its kin. */
@SuppressWarnings("ThreadPriorityCheck") // sched_yield(2) asks for exactly that
final class ScheduleCalls {
  private static final int RESET_ON_FORK = 0x40000000;
  private static final int HIGHEST_PRIORITY = 99;
  private static final String WISHES = "kept and told; the host schedules";

  private ScheduleCalls() {}

  @SuppressWarnings("ThreadPriorityCheck") // the application asks for exactly this
  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.SCHED_YIELD,
        Support.FULL,
        "",
        (_, _, _, _, _, _, _) -> {
          Thread.yield();
          return 0;
        });
    table.row(
        Sys.SCHED_GETAFFINITY,
        Support.FULL,
        "",
        (t, pid, size, mask, _, _, _) -> getAffinity(t, (int) pid, (int) size, mask));
    table.row(
        Sys.SCHED_SETAFFINITY,
        Support.PARTIAL,
        WISHES,
        (t, pid, size, mask, _, _, _) -> setAffinity(t, (int) pid, (int) size, mask));
    table.row(
        Sys.SCHED_GETSCHEDULER,
        Support.FULL,
        "",
        (t, pid, _, _, _, _, _) -> getScheduler(t, (int) pid));
    table.row(
        Sys.SCHED_SETSCHEDULER,
        Support.PARTIAL,
        WISHES,
        (t, pid, policy, param, _, _, _) -> setScheduler(t, (int) pid, (int) policy, param));
    table.row(
        Sys.SCHED_GETPARAM,
        Support.FULL,
        "",
        (t, pid, param, _, _, _, _) -> getParam(t, (int) pid, param));
    table.row(
        Sys.SCHED_SETPARAM,
        Support.PARTIAL,
        WISHES,
        (t, pid, param, _, _, _, _) -> setParam(t, (int) pid, param));
    table.row(
        Sys.SCHED_GET_PRIORITY_MAX,
        Support.FULL,
        "",
        (_, policy, _, _, _, _, _) -> priorityBound((int) policy, HIGHEST_PRIORITY));
    table.row(
        Sys.SCHED_GET_PRIORITY_MIN,
        Support.FULL,
        "",
        (_, policy, _, _, _, _, _) -> priorityBound((int) policy, 1));
    table.row(
        Sys.SCHED_RR_GET_INTERVAL,
        Support.FULL,
        "",
        (t, pid, interval, _, _, _, _) -> interval(t, (int) pid, interval));
    table.row(
        Sys.GETCPU,
        Support.PARTIAL,
        "the first processor that the task wishes to run on, of node 0",
        (t, cpu, node, _, _, _, _) -> getCpu(t, cpu, node));
  }

  private static Task find(Task task, int pid) throws ErrnoException {
    Task found = pid == 0 ? task : task.kernel().tasks().find(pid);
    if (found == null) {
      throw ErrnoException.of(Errno.ESRCH);
    }
    return found;
  }

  /** Who may change how a task is scheduled: its user in either way, or CAP_SYS_NICE. */
  static boolean mayChange(Task task, Task target) {
    Credentials own = task.credentials();
    Credentials theirs = target.credentials();
    return own.euid() == theirs.euid()
        || own.euid() == theirs.uid()
        || own.has(Capability.SYS_NICE);
  }

  private static long getAffinity(Task task, int pid, int size, long mask) throws ErrnoException {
    long[] all = task.kernel().resources().processorMask();
    if (size < 0 || (size & 7) != 0 || size < all.length * 8) {
      return -Errno.EINVAL;
    }
    long[] processors = find(task, pid).attributes().scheduling().affinity(all);
    for (int i = 0; i < processors.length; i++) {
      task.memory().putLong(mask + 8L * i, processors[i]);
    }
    return 8L * processors.length;
  }

  private static long setAffinity(Task task, int pid, int size, long mask) throws ErrnoException {
    long[] all = task.kernel().resources().processorMask();
    int bytes = size < 0 ? all.length * 8 : Math.min(size, all.length * 8);
    byte[] given = task.memory().readBytes(mask, bytes);
    Task target = find(task, pid);
    if (!mayChange(task, target)) {
      return -Errno.EPERM;
    }
    long any = 0;
    long[] wanted = new long[all.length];
    for (int i = 0; i < bytes; i++) {
      wanted[i / 8] |= (given[i] & 0xffL) << (i % 8 * 8);
    }
    for (int i = 0; i < all.length; i++) {
      wanted[i] &= all[i];
      any |= wanted[i];
    }
    if (any == 0) {
      return -Errno.EINVAL;
    }
    target.attributes().scheduling().setAffinity(wanted);
    return 0;
  }

  private static long getScheduler(Task task, int pid) throws ErrnoException {
    if (pid < 0) {
      return -Errno.EINVAL;
    }
    Scheduling its = find(task, pid).attributes().scheduling();
    return its.resetOnFork() ? its.policy() | RESET_ON_FORK : its.policy();
  }

  private static long setScheduler(Task task, int pid, int policy, long param)
      throws ErrnoException {
    if (policy < 0 || param == 0 || pid < 0) {
      return -Errno.EINVAL;
    }
    int priority = task.memory().getInt(param);
    Task target = find(task, pid);
    return change(task, target, policy & ~RESET_ON_FORK, priority, (policy & RESET_ON_FORK) != 0);
  }

  private static long getParam(Task task, int pid, long param) throws ErrnoException {
    if (param == 0 || pid < 0) {
      return -Errno.EINVAL;
    }
    Scheduling its = find(task, pid).attributes().scheduling();
    task.memory().putInt(param, its.priority());
    return 0;
  }

  private static long setParam(Task task, int pid, long param) throws ErrnoException {
    if (param == 0 || pid < 0) {
      return -Errno.EINVAL;
    }
    int priority = task.memory().getInt(param);
    Task target = find(task, pid);
    Scheduling its = target.attributes().scheduling();
    return change(task, target, its.policy(), priority, its.resetOnFork());
  }

  /** Whether there is such a policy, and such a priority in it. */
  static boolean valid(int policy, int priority) {
    boolean realTime = Scheduling.realTime(policy);
    boolean known =
        realTime
            || policy == Scheduling.OTHER
            || policy == Scheduling.BATCH
            || policy == Scheduling.IDLE;
    return known && priority >= 0 && priority <= HIGHEST_PRIORITY && realTime == (priority != 0);
  }

  static long change(Task task, Task target, int policy, int priority, boolean reset) {
    if (!valid(policy, priority)) {
      return -Errno.EINVAL;
    }
    boolean realTime = Scheduling.realTime(policy);
    Scheduling its = target.attributes().scheduling();
    boolean privileged = task.credentials().has(Capability.SYS_NICE);
    long highest = target.process().limits().soft(dev.bulwark.sentry.kernel.Limits.RTPRIO);
    boolean raises = priority > its.priority() || (realTime && policy != its.policy());
    if (!privileged
        && ((realTime && raises && Long.compareUnsigned(priority, highest) > 0)
            || (its.resetOnFork() && !reset)
            || !mayChange(task, target))) {
      return -Errno.EPERM;
    }
    its.set(policy, priority, reset);
    return 0;
  }

  private static long priorityBound(int policy, int bound) {
    if (Scheduling.realTime(policy)) {
      return bound;
    }
    boolean known = policy == 0 || policy == Scheduling.BATCH || policy == 5 || policy == 6;
    return known ? 0 : -Errno.EINVAL;
  }

  private static long interval(Task task, int pid, long interval) throws ErrnoException {
    if (pid < 0) {
      return -Errno.EINVAL;
    }
    int policy = find(task, pid).attributes().scheduling().policy();
    long nanos =
        policy == Scheduling.FIFO ? 0 : policy == Scheduling.ROUND_ROBIN ? 100_000_000 : 4_000_000;
    task.memory().putLong(interval, 0);
    task.memory().putLong(interval + 8, nanos);
    return 0;
  }

  private static int firstProcessor(Task task) {
    long[] wished =
        task.attributes().scheduling().affinity(task.kernel().resources().processorMask());
    int word = 0;
    while (word < wished.length - 1 && wished[word] == 0) {
      word++;
    }
    return word * 64 + Long.numberOfTrailingZeros(wished[word]);
  }

  private static long getCpu(Task task, long cpu, long node) throws ErrnoException {
    if (cpu != 0) {
      task.memory().putInt(cpu, firstProcessor(task));
    }
    if (node != 0) {
      task.memory().putInt(node, 0);
    }
    return 0;
  }
}
