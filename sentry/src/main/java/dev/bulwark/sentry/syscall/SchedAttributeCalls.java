package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.Scheduling;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.UserMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** sched_setattr(2) and sched_getattr(2), whose structure says its own size. */
final class SchedAttributeCalls {
  private static final int FIRST_SIZE = 48;
  private static final int SIZE = 56;
  private static final int PAGE = 4096;

  private static final long RESET_ON_FORK = 1;
  private static final long KEEP_POLICY = 8;
  private static final long KEEP_PARAMS = 0x10;
  private static final long UTIL_CLAMP = 0x60;
  private static final long KNOWN = 0x7f;

  private static final int DEADLINE = 6;
  private static final int LOWEST_NICE = -20;
  private static final int HIGHEST_NICE = 19;

  private SchedAttributeCalls() {}

  /** The structure. */
  private record Attributes(
      int policy, long flags, int nice, int priority, long runtime, long deadline, long period) {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.SCHED_SETATTR,
        Support.PARTIAL,
        "wishes are remembered, the host decides; SCHED_DEADLINE is refused as if the processors"
            + " were booked out (EBUSY)",
        (t, pid, attributes, flags, _, _, _) -> set(t, (int) pid, attributes, (int) flags));
    table.row(
        Sys.SCHED_GETATTR,
        Support.FULL,
        "",
        (t, pid, attributes, size, flags, _, _) ->
            get(t, (int) pid, attributes, (int) size, (int) flags));
  }

  private static long set(Task task, int pid, long address, int flags) throws ErrnoException {
    if (address == 0 || pid < 0 || flags != 0) {
      return -Errno.EINVAL;
    }
    Attributes wanted = read(task.memory(), address);
    if (wanted.policy < 0 && (wanted.flags & KEEP_POLICY) == 0) {
      return -Errno.EINVAL;
    }
    Task target = pid == 0 ? task : task.kernel().tasks().find(pid);
    if (target == null) {
      return -Errno.ESRCH;
    }
    if ((wanted.flags & ~KNOWN) != 0) {
      return -Errno.EINVAL;
    }
    if ((wanted.flags & UTIL_CLAMP) != 0) {
      return -Errno.EOPNOTSUPP; // as a kernel that was built without it
    }
    Scheduling its = target.attributes().scheduling();
    int policy = (wanted.flags & KEEP_POLICY) != 0 ? its.policy() : wanted.policy;
    boolean reset =
        (wanted.flags & KEEP_POLICY) != 0 ? its.resetOnFork() : (wanted.flags & RESET_ON_FORK) != 0;
    if (policy == DEADLINE) {
      return deadline(task, wanted);
    }
    boolean keeps = (wanted.flags & KEEP_PARAMS) != 0;
    boolean realTime = Scheduling.realTime(policy);
    int priority = keeps ? its.priority() : wanted.priority;
    if (!ScheduleCalls.valid(policy, priority)) {
      return -Errno.EINVAL;
    }
    int nice = keeps || realTime ? its.nice() : clamp(wanted.nice);
    long limit = target.process().limits().soft(Limits.NICE);
    if (nice < its.nice()
        && !task.credentials().has(Capability.SYS_NICE)
        && Long.compareUnsigned(HIGHEST_NICE + 1 - nice, limit) > 0) {
      return -Errno.EPERM;
    }
    long result = ScheduleCalls.change(task, target, policy, priority, reset);
    if (result == 0) {
      its.setNice(nice);
    }
    return result;
  }

  private static int clamp(int nice) {
    return Math.clamp(nice, LOWEST_NICE, HIGHEST_NICE);
  }

  /** No time can be promised here: the processors are shared with whatever else the host runs. */
  private static long deadline(Task task, Attributes wanted) {
    long period = wanted.period == 0 ? wanted.deadline : wanted.period;
    boolean possible =
        wanted.priority == 0
            && wanted.deadline > 0
            && wanted.runtime >= 1024
            && period > 0
            && wanted.runtime <= wanted.deadline
            && wanted.deadline <= period;
    if (!possible) {
      return -Errno.EINVAL;
    }
    return task.credentials().has(Capability.SYS_NICE) ? -Errno.EBUSY : -Errno.EPERM;
  }

  /** Reads the structure; what this kernel does not know must be zero. EFAULT, E2BIG. */
  private static Attributes read(UserMemory memory, long address) throws ErrnoException {
    int given = memory.getInt(address);
    int size = given == 0 ? FIRST_SIZE : given;
    if (size < FIRST_SIZE || size > PAGE) {
      throw tooBig(memory, address);
    }
    byte[] bytes = memory.readBytes(address, size);
    for (int i = SIZE; i < size; i++) {
      if (bytes[i] != 0) {
        throw tooBig(memory, address);
      }
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long flags = in.getLong(8);
    if ((flags & UTIL_CLAMP) != 0 && size < SIZE) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return new Attributes(
        in.getInt(4),
        flags,
        in.getInt(16),
        in.getInt(20),
        in.getLong(24),
        in.getLong(32),
        in.getLong(40));
  }

  /** Tells the size that would have done. */
  private static ErrnoException tooBig(UserMemory memory, long address) throws ErrnoException {
    memory.putInt(address, SIZE);
    return ErrnoException.of(Errno.E2BIG);
  }

  private static long get(Task task, int pid, long address, int size, int flags)
      throws ErrnoException {
    if (address == 0 || pid < 0 || size > PAGE || size < FIRST_SIZE || flags != 0) {
      return -Errno.EINVAL;
    }
    Task target = pid == 0 ? task : task.kernel().tasks().find(pid);
    if (target == null) {
      return -Errno.ESRCH;
    }
    Scheduling its = target.attributes().scheduling();
    int told = Math.min(size, SIZE);
    byte[] bytes = new byte[size];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0, told).putInt(4, its.policy());
    out.putLong(8, its.resetOnFork() ? RESET_ON_FORK : 0);
    if (Scheduling.realTime(its.policy())) {
      out.putInt(20, its.priority());
    } else {
      out.putInt(16, its.nice());
    }
    task.memory().write(address, bytes);
    return 0;
  }
}
