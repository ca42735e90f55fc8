package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.CpuUsage;
import dev.bulwark.sentry.kernel.PidFile;
import dev.bulwark.sentry.kernel.ProcessTree;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.kernel.WaitFor;
import dev.bulwark.sentry.kernel.WaitStatus;
import dev.bulwark.sentry.mm.UserMemory;
import dev.bulwark.sentry.signal.ChildNotices;
import dev.bulwark.sentry.signal.SignalInfo;
import org.jspecify.annotations.Nullable;

/** wait4(2), waitid(2), getrusage(2). */
final class WaitCalls {
  private static final int WNOHANG = 1;
  private static final int WUNTRACED = 2;
  private static final int WEXITED = 4;
  private static final int WCONTINUED = 8;
  private static final int WNOWAIT = 0x01000000;
  private static final int WNOTHREAD = 0x20000000;
  private static final int WALL = 0x40000000;
  private static final int WCLONE = 0x80000000;
  private static final int P_ALL = 0;
  private static final int P_PID = 1;
  private static final int P_PGID = 2;
  private static final int P_PIDFD = 3;
  private static final int SIGCHLD = 17;
  private static final int RUSAGE_SIZE = 144;
  private static final int RUSAGE_SELF = 0;
  private static final int RUSAGE_CHILDREN = -1;
  private static final int RUSAGE_THREAD = 1;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private WaitCalls() {}

  /** Adds the rows. */
  static void rows(SyscallTable.Builder table) {
    table
        .row(
            Sys.WAIT4,
            Support.FULL,
            "",
            (task, pid, status, options, usage, _, _) ->
                wait4(task, (int) pid, status, (int) options, usage))
        .row(
            Sys.WAITID,
            Support.FULL,
            "",
            (task, type, id, info, options, usage, _) ->
                waitid(task, (int) type, (int) id, info, (int) options, usage))
        .row(
            Sys.GETRUSAGE,
            Support.PARTIAL,
            "times and the largest resident set; counts of faults and switches are 0",
            (task, who, usage, _, _, _, _) -> getrusage(task, (int) who, usage));
  }

  private static long wait4(Task task, int pid, long status, int options, long usage)
      throws ErrnoException {
    if ((options & ~(WNOHANG | WUNTRACED | WCONTINUED | WNOTHREAD | WCLONE | WALL)) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (pid == Integer.MIN_VALUE) {
      throw ErrnoException.of(Errno.ESRCH);
    }
    WaitFor.Target target = WaitFor.Target.PROCESS;
    int id = pid;
    if (pid == -1) {
      target = WaitFor.Target.ANY;
    } else if (pid <= 0) {
      target = WaitFor.Target.GROUP;
      id = pid == 0 ? task.kernel().processes().group(task.process(), 0) : -pid;
    }
    WaitFor wanted =
        new WaitFor(
            target,
            id,
            true,
            (options & WUNTRACED) != 0,
            (options & WCONTINUED) != 0,
            false,
            kind(options));
    ProcessTree.Waited found = await(task, wanted, (options & WNOHANG) != 0);
    ThreadGroup child = found.child();
    WaitStatus how = found.status();
    if (child == null || how == null) {
      return 0;
    }
    if (status != 0) {
      task.memory().putInt(status, how.encoded());
    }
    if (usage != 0) {
      putUsage(task.memory(), usage, child);
    }
    return child.pid();
  }

  private static WaitFor.Kind kind(int options) {
    if ((options & WALL) != 0) {
      return WaitFor.Kind.ALL;
    }
    return (options & WCLONE) != 0 ? WaitFor.Kind.CLONE : WaitFor.Kind.ORDINARY;
  }

  private static ProcessTree.Waited await(Task task, WaitFor wanted, boolean noHang)
      throws ErrnoException {
    ProcessTree tree = task.kernel().processes();
    ThreadGroup caller = task.process();
    ProcessTree.@Nullable Waited[] found = {tree.poll(caller, wanted)};
    if (!noHang && ProcessTree.Waited.NOTHING.equals(found[0])) {
      long slept =
          task.sleep(
              () -> {
                found[0] = tree.poll(caller, wanted);
                return !ProcessTree.Waited.NOTHING.equals(found[0]);
              },
              Task.NEVER);
      ErrnoException.check(slept);
    }
    ProcessTree.Waited result = found[0];
    if (result == null) {
      throw ErrnoException.of(Errno.ECHILD);
    }
    return result;
  }

  /** Linux stores zeroes where there is nothing to tell, even beside an error. */
  private static long waitid(Task task, int type, int id, long info, int options, long usage)
      throws ErrnoException {
    try {
      return waitAndTell(task, type, id, info, options, usage);
    } catch (ErrnoException e) {
      if (info != 0) {
        for (int at = 0; at < 24; at += 4) {
          task.memory().putInt(info + at, 0);
        }
      }
      throw e;
    }
  }

  private static long waitAndTell(Task task, int type, int id, long info, int options, long usage)
      throws ErrnoException {
    int known = WNOHANG | WNOWAIT | WEXITED | WUNTRACED | WCONTINUED | WNOTHREAD | WCLONE | WALL;
    if ((options & ~known) != 0 || (options & (WEXITED | WUNTRACED | WCONTINUED)) == 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    boolean noHang = (options & WNOHANG) != 0;
    WaitFor.Target target;
    int number = id;
    switch (type) {
      case P_ALL -> target = WaitFor.Target.ANY;
      case P_PID -> {
        target = WaitFor.Target.PROCESS;
        if (id <= 0) {
          throw ErrnoException.of(Errno.EINVAL);
        }
      }
      case P_PGID -> {
        target = WaitFor.Target.GROUP;
        if (id < 0) {
          throw ErrnoException.of(Errno.EINVAL);
        }
        if (id == 0) {
          number = task.kernel().processes().group(task.process(), 0);
        }
      }
      case P_PIDFD -> {
        target = WaitFor.Target.PROCESS;
        if (id < 0) {
          throw ErrnoException.of(Errno.EINVAL);
        }
        try (PidFile file = PidFile.acquire(task, id)) {
          number = file.process().pid();
          noHang |= file.nonBlocking();
        }
      }
      default -> throw ErrnoException.of(Errno.EINVAL);
    }
    WaitFor wanted =
        new WaitFor(
            target,
            number,
            (options & WEXITED) != 0,
            (options & WUNTRACED) != 0,
            (options & WCONTINUED) != 0,
            (options & WNOWAIT) != 0,
            kind(options));
    ProcessTree.Waited found = await(task, wanted, noHang);
    ThreadGroup child = found.child();
    WaitStatus how = found.status();
    UserMemory memory = task.memory();
    if (child == null || how == null) {
      if (noHang && (options & WNOHANG) == 0) {
        throw ErrnoException.of(Errno.EAGAIN); // the pidfd was opened with PIDFD_NONBLOCK
      }
      if (info != 0) { // signo and pid 0 say that nothing has changed
        memory.putInt(info, 0);
        memory.putInt(info + 16, 0);
      }
      return 0;
    }
    if (usage != 0) {
      putUsage(memory, usage, child);
    }
    if (info != 0) {
      SignalInfo told = ChildNotices.describe(SIGCHLD, child, how);
      memory.putInt(info, SIGCHLD);
      memory.putInt(info + 4, 0);
      memory.putInt(info + 8, told.code());
      memory.putInt(info + 16, told.pid());
      memory.putInt(info + 20, told.uid());
      memory.putInt(info + 24, told.status());
    }
    return 0;
  }

  /** What wait4(2) tells of a child: itself and the children that it waited for. */
  private static void putUsage(UserMemory memory, long address, ThreadGroup child)
      throws ErrnoException {
    CpuUsage cpu = child.cpu();
    putUsage(
        memory,
        address,
        cpu.userNanos() + cpu.childrenUserNanos(),
        child.systemNanos() + cpu.childrenSystemNanos(),
        child.peakKilobytes());
  }

  private static void putUsage(
      UserMemory memory, long address, long user, long system, long peakKilobytes)
      throws ErrnoException {
    byte[] bytes = new byte[RUSAGE_SIZE];
    java.nio.ByteBuffer.wrap(bytes)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .putLong(user / NANOS_PER_SECOND)
        .putLong(user % NANOS_PER_SECOND / 1000)
        .putLong(system / NANOS_PER_SECOND)
        .putLong(system % NANOS_PER_SECOND / 1000)
        .putLong(peakKilobytes);
    memory.write(address, bytes);
  }

  private static long getrusage(Task task, int who, long address) throws ErrnoException {
    ThreadGroup process = task.process();
    CpuUsage cpu = process.cpu();
    if (who != RUSAGE_CHILDREN) {
      process.noteResident(task.memoryMap().sizes().peakResident() >> 10);
    }
    switch (who) {
      case RUSAGE_SELF ->
          putUsage(
              task.memory(),
              address,
              cpu.userNanos(),
              process.systemNanos(),
              process.peakKilobytes());
      case RUSAGE_CHILDREN ->
          putUsage(
              task.memory(),
              address,
              cpu.childrenUserNanos(),
              cpu.childrenSystemNanos(),
              process.childrenPeakKilobytes());
      case RUSAGE_THREAD ->
          putUsage(
              task.memory(),
              address,
              task.context().sampleCpuTime(),
              task.systemNanos(),
              process.peakKilobytes());
      default -> throw ErrnoException.of(Errno.EINVAL);
    }
    return 0;
  }
}
