package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.CloneArguments;
import dev.bulwark.sentry.kernel.CloneFlags;
import dev.bulwark.sentry.kernel.Cloning;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.UserMemory;

/** fork(2), vfork(2), clone(2), clone3(2). */
final class CloneCalls {
  private static final int SIGCHLD = 17;
  private static final int LAST_SIGNAL = 64;

  /** The first version of {@code struct clone_args}, and the current one. */
  private static final int SIZE_VERSION_0 = 64;

  private static final int SIZE_VERSION_2 = 88;
  private static final int PAGE = 4096;

  private CloneCalls() {}

  /** Adds the rows. */
  static void rows(SyscallTable.Builder table) {
    String note = "namespaces (CLONE_NEW*) are refused with EINVAL, CLONE_INTO_CGROUP too";
    table
        .row(Sys.FORK, Support.FULL, "", (task, _, _, _, _, _, _) -> fork(task))
        .row(Sys.VFORK, Support.FULL, "", (task, _, _, _, _, _, _) -> vfork(task))
        .row(
            Sys.CLONE,
            Support.PARTIAL,
            note,
            (task, flags, stack, parentTid, childTid, tls, _) ->
                clone(task, flags, stack, parentTid, childTid, tls))
        .row(
            Sys.CLONE3,
            Support.PARTIAL,
            note + "; set_tid is refused with EINVAL",
            (task, arguments, size, _, _, _, _) -> clone3(task, arguments, size));
  }

  private static long fork(Task task) throws ErrnoException {
    return Cloning.clone(task, new CloneArguments(0, SIGCHLD, 0, 0, 0, 0, 0));
  }

  private static long vfork(Task task) throws ErrnoException {
    long flags = CloneFlags.VFORK | CloneFlags.VM;
    return Cloning.clone(task, new CloneArguments(flags, SIGCHLD, 0, 0, 0, 0, 0));
  }

  private static long clone(
      Task task, long flags, long stack, long parentTid, long childTid, long tls)
      throws ErrnoException {
    long bits = flags & 0xffffffffL & ~CloneFlags.SIGNAL_MASK;
    int signal = (int) (flags & CloneFlags.SIGNAL_MASK);
    if ((bits & CloneFlags.PIDFD) != 0 && (bits & CloneFlags.PARENT_SETTID) != 0) {
      throw ErrnoException.of(Errno.EINVAL); // both would be stored at the same address
    }
    return Cloning.clone(
        task, new CloneArguments(bits, signal, parentTid, parentTid, childTid, stack, tls));
  }

  private static long clone3(Task task, long address, long size) throws ErrnoException {
    if (size > PAGE) {
      throw ErrnoException.of(Errno.E2BIG);
    }
    if (size < SIZE_VERSION_0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    UserMemory memory = task.memory();
    byte[] tail = memory.readBytes(address, (int) size);
    for (int i = SIZE_VERSION_2; i < size; i++) {
      if (tail[i] != 0) {
        throw ErrnoException.of(Errno.E2BIG);
      }
    }
    java.nio.ByteBuffer in =
        java.nio.ByteBuffer.wrap(java.util.Arrays.copyOf(tail, SIZE_VERSION_2))
            .order(java.nio.ByteOrder.LITTLE_ENDIAN);
    long flags = in.getLong(0);
    long pidFd = in.getLong(8);
    long childTid = in.getLong(16);
    long parentTid = in.getLong(24);
    long exitSignal = in.getLong(32);
    long stack = in.getLong(40);
    long stackSize = in.getLong(48);
    long tls = in.getLong(56);
    long setTid = in.getLong(64);
    long setTidSize = in.getLong(72);
    long known = 0x3ffffffffL & ~CloneFlags.SIGNAL_MASK;
    if ((flags & ~known) != 0
        || (flags & CloneFlags.DETACHED) != 0
        || exitSignal < 0
        || exitSignal > LAST_SIGNAL
        || ((flags & (CloneFlags.THREAD | CloneFlags.PARENT)) != 0 && exitSignal != 0)
        || (stack == 0) != (stackSize == 0)
        || (setTid == 0) != (setTidSize == 0)
        || setTidSize != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return Cloning.clone(
        task,
        new CloneArguments(
            flags, (int) exitSignal, pidFd, parentTid, childTid, stack + stackSize, tls));
  }
}
