package dev.bulwark.sentry.signal;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.UserMemory;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;

/** The calls about the caller's own signals: actions, masks, waiting, stacks, returning. */
public final class SignalCalls {
  private static final int SIG_BLOCK = 0;
  private static final int SIG_UNBLOCK = 1;
  private static final int SIG_SETMASK = 2;

  /** {@code sizeof(sigset_t)} of the kernel. */
  private static final long SET_SIZE = 8;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private SignalCalls() {}

  /** Adds the rows. */
  public static void rows(SyscallTable.Builder table) {
    table
        .row(
            Sys.RT_SIGACTION,
            Support.FULL,
            "",
            (task, a, b, c, d, _, _) -> sigaction(task, (int) a, b, c, d))
        .row(
            Sys.RT_SIGPROCMASK,
            Support.FULL,
            "",
            (task, a, b, c, d, _, _) -> sigprocmask(task, (int) a, b, c, d))
        .row(
            Sys.RT_SIGPENDING, Support.FULL, "", (task, a, b, _, _, _, _) -> sigpending(task, a, b))
        .row(
            Sys.RT_SIGSUSPEND, Support.FULL, "", (task, a, b, _, _, _, _) -> sigsuspend(task, a, b))
        .row(
            Sys.RT_SIGTIMEDWAIT,
            Support.FULL,
            "",
            (task, a, b, c, d, _, _) -> sigtimedwait(task, a, b, c, d))
        .row(Sys.SIGALTSTACK, Support.FULL, "", (task, a, b, _, _, _, _) -> sigaltstack(task, a, b))
        .row(
            Sys.RT_SIGRETURN,
            Support.PARTIAL,
            "a frame that asks for 32-bit code sends SIGSEGV",
            (task, _, _, _, _, _, _) -> SignalReturn.restore(task))
        .row(
            Sys.RESTART_SYSCALL, Support.FULL, "", (task, _, _, _, _, _, _) -> restartSyscall(task))
        .row(Sys.PAUSE, Support.FULL, "", (task, _, _, _, _, _, _) -> pause(task));
    SendCalls.rows(table);
  }

  private static void checkSize(long size) throws ErrnoException {
    if (size != SET_SIZE) {
      throw ErrnoException.of(Errno.EINVAL);
    }
  }

  private static long sigaction(Task task, int signal, long action, long oldAction, long size)
      throws ErrnoException {
    checkSize(size);
    UserMemory memory = task.memory();
    SignalAction wanted = action == 0 ? null : readAction(memory, action);
    if (!Signals.valid(signal)
        || (wanted != null && SignalSet.has(SignalSet.UNBLOCKABLE, signal))) {
      return -Errno.EINVAL;
    }
    ProcessSignals signals = task.process().signals();
    SignalAction old =
        wanted == null ? signals.actions().get(signal) : signals.setAction(signal, wanted);
    if (oldAction != 0) {
      memory.putLong(oldAction, old.handler());
      memory.putLong(oldAction + 8, old.flags());
      memory.putLong(oldAction + 16, old.restorer());
      memory.putLong(oldAction + 24, old.mask());
    }
    return 0;
  }

  private static SignalAction readAction(UserMemory memory, long address) throws ErrnoException {
    return new SignalAction(
        memory.getLong(address),
        memory.getLong(address + 8) & SignalAction.KNOWN_FLAGS,
        memory.getLong(address + 16),
        memory.getLong(address + 24) & ~SignalSet.UNBLOCKABLE);
  }

  private static long sigprocmask(Task task, int how, long set, long oldSet, long size)
      throws ErrnoException {
    checkSize(size);
    TaskSignals mine = task.signals();
    long old = mine.mask();
    if (set != 0) {
      long given = task.memory().getLong(set);
      switch (how) {
        case SIG_BLOCK -> mine.setMask(old | given);
        case SIG_UNBLOCK -> mine.setMask(old & ~given);
        case SIG_SETMASK -> mine.setMask(given);
        default -> throw ErrnoException.of(Errno.EINVAL);
      }
    }
    if (oldSet != 0) {
      task.memory().putLong(oldSet, old);
    }
    return 0;
  }

  private static long sigpending(Task task, long set, long size) throws ErrnoException {
    if (Long.compareUnsigned(size, SET_SIZE) > 0) {
      return -Errno.EINVAL;
    }
    long pending = task.signals().pendingAmong(task.signals().mask());
    for (int i = 0; i < size; i++) {
      task.memory().putByte(set + i, (byte) (pending >>> (8 * i)));
    }
    return 0;
  }

  private static long sigsuspend(Task task, long set, long size) throws ErrnoException {
    checkSize(size);
    task.signals().suspendMask(task.memory().getLong(set));
    return pause(task);
  }

  /** Sleeps until a signal leads to something; one that does not lets the call begin again. */
  private static long pause(Task task) {
    task.sleep(() -> false, Task.NEVER);
    return -Errno.ERESTARTNOHAND;
  }

  private static long sigtimedwait(Task task, long set, long info, long timeout, long size)
      throws ErrnoException {
    checkSize(size);
    long wanted = task.memory().getLong(set) & ~SignalSet.UNBLOCKABLE;
    long deadline = Task.NEVER;
    boolean waits = true;
    if (timeout != 0) {
      long seconds = task.memory().getLong(timeout);
      long nanos = task.memory().getLong(timeout + 8);
      if (seconds < 0 || nanos < 0 || nanos >= NANOS_PER_SECOND) {
        return -Errno.EINVAL;
      }
      waits = seconds != 0 || nanos != 0;
      deadline = deadlineAfter(seconds, nanos);
    }
    TaskSignals mine = task.signals();
    SignalInfo taken = mine.take(wanted);
    if (taken == null) {
      if (!waits) {
        return -Errno.EAGAIN;
      }
      long slept;
      do {
        mine.process().beginWait(mine, wanted);
        slept = task.sleep(() -> mine.pendingAmong(wanted) != 0, deadline);
        taken = mine.process().endWait(mine, wanted);
      } while (taken == null && slept == 0); // another task was faster
      if (taken == null) {
        return slept == -Errno.ETIMEDOUT ? -Errno.EAGAIN : -Errno.EINTR;
      }
    }
    if (info != 0) {
      task.memory().write(info, taken.encode());
    }
    return taken.signo();
  }

  private static long deadlineAfter(long seconds, long nanos) {
    if (seconds >= Integer.MAX_VALUE) { // 68 years
      return Task.NEVER;
    }
    return System.nanoTime() + seconds * NANOS_PER_SECOND + nanos;
  }

  private static long sigaltstack(Task task, long stack, long oldStack) throws ErrnoException {
    UserMemory memory = task.memory();
    TaskSignals mine = task.signals();
    AlternateStack old = mine.stack();
    long sp = task.context().registers().rsp();
    if (stack != 0) {
      AlternateStack wanted =
          new AlternateStack(
              memory.getLong(stack), memory.getLong(stack + 16), memory.getInt(stack + 8));
      mine.setStack(old.changedTo(wanted, sp));
    }
    if (oldStack != 0) {
      memory.putLong(oldStack, old.base());
      memory.putInt(oldStack + 8, old.reportedFlags(sp));
      memory.putInt(oldStack + 12, 0);
      memory.putLong(oldStack + 16, old.size());
    }
    return 0;
  }

  private static long restartSyscall(Task task) {
    RestartBlock block = task.signals().takeRestart();
    return block == null ? -Errno.EINTR : block.resume(task);
  }
}
