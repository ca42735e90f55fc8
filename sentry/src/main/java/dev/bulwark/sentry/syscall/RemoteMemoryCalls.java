package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.io.UserBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.MemoryMap;
import dev.bulwark.sentry.mm.RemoteCopy;
import dev.bulwark.sentry.mm.UserMemory;

/** The memory of other processes: process_vm_readv(2), process_vm_writev(2). */
final class RemoteMemoryCalls {
  private RemoteMemoryCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.PROCESS_VM_READV,
        Support.FULL,
        "",
        (t, pid, local, locals, remote, remotes, flags) ->
            transfer(t, (int) pid, local, locals, remote, remotes, flags, false));
    table.row(
        Sys.PROCESS_VM_WRITEV,
        Support.FULL,
        "",
        (t, pid, local, locals, remote, remotes, flags) ->
            transfer(t, (int) pid, local, locals, remote, remotes, flags, true));
  }

  private static long transfer(
      Task task,
      int pid,
      long local,
      long locals,
      long remote,
      long remotes,
      long flags,
      boolean write)
      throws ErrnoException {
    if (flags != 0) {
      return -Errno.EINVAL;
    }
    long[] own = ranges(task.memory(), local, locals);
    if (total(own) == 0) {
      return 0;
    }
    long[] others = ranges(task.memory(), remote, remotes);
    if (total(others) == 0) {
      return 0;
    }
    Task target = task.kernel().tasks().find(pid);
    if (target == null) {
      return -Errno.ESRCH;
    }
    if (!mayAccess(task, target)) {
      return -Errno.EPERM;
    }
    MemoryMap map = target.memoryMap();
    if (!map.acquire()) {
      return -Errno.ESRCH;
    }
    try (map) {
      RemoteCopy copy =
          write
              ? new RemoteCopy(task.memory(), own, map, others)
              : new RemoteCopy(map, others, task.memory(), own);
      return copy.run();
    }
  }

  private static long[] ranges(UserMemory memory, long vector, long count) throws ErrnoException {
    if (count < 0 || count > UserBuffer.MAX_RANGES) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    long[] ranges = new long[(int) count * 2];
    long total = 0;
    for (int i = 0; i < count; i++) {
      ranges[2 * i] = memory.getLong(vector + 16L * i);
      long length = memory.getLong(vector + 16L * i + 8);
      if (length < 0) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      ranges[2 * i + 1] = Math.min(length, UserBuffer.MAX_BYTES - total);
      total += ranges[2 * i + 1];
    }
    return ranges;
  }

  private static long total(long[] ranges) {
    long total = 0;
    for (int i = 1; i < ranges.length; i += 2) {
      total += ranges[i];
    }
    return total;
  }

  /** PTRACE_MODE_ATTACH_REALCREDS (ptrace(2)). */
  static boolean mayAccess(Task task, Task target) {
    if (task.process().equals(target.process())) {
      return true;
    }
    Credentials own = task.credentials();
    Credentials other = target.credentials();
    boolean same =
        own.uid() == other.uid()
            && own.uid() == other.euid()
            && own.uid() == other.suid()
            && own.gid() == other.gid()
            && own.gid() == other.egid()
            && own.gid() == other.sgid()
            && (other.permitted() & ~own.permitted()) == 0
            && target.process().attributes().dumpable();
    return same || own.has(Capability.SYS_PTRACE);
  }
}
