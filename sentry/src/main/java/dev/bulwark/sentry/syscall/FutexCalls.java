package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.futex.FutexKey;
import dev.bulwark.sentry.futex.FutexMemory;
import dev.bulwark.sentry.futex.FutexTable;
import dev.bulwark.sentry.futex.FutexWord;
import dev.bulwark.sentry.futex.RobustList;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.time.Clock;
import dev.bulwark.sentry.time.Clocks;
import dev.bulwark.sentry.time.Timespec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** futex(2), futex_waitv(2) and set_robust_list(2). */
final class FutexCalls {
  private static final int PRIVATE_FLAG = 128;
  private static final int CLOCK_REALTIME_FLAG = 256;
  private static final int WAIT = 0;
  private static final int WAKE = 1;
  private static final int REQUEUE = 3;
  private static final int CMP_REQUEUE = 4;
  private static final int WAKE_OP = 5;
  private static final int LOCK_PI = 6;
  private static final int UNLOCK_PI = 7;
  private static final int TRYLOCK_PI = 8;
  private static final int WAIT_BITSET = 9;
  private static final int WAKE_BITSET = 10;
  private static final int WAIT_REQUEUE_PI = 11;
  private static final int CMP_REQUEUE_PI = 12;
  private static final int LOCK_PI2 = 13;

  /** Size of a {@code struct futex_waitv}, and its flags. */
  private static final int WAITV = 24;

  private static final int FUTEX2_SIZE_U32 = 2;
  private static final int FUTEX2_PRIVATE = 128;

  /** Stands for a word that nobody compares. */
  private static final FutexWord NO_WORD =
      new FutexWord() {
        @Override
        public int load() {
          throw new IllegalStateException("a futex that is not compared");
        }

        @Override
        public boolean compareAndSet(int expected, int value) {
          throw new IllegalStateException("a futex that is not compared");
        }
      };

  private FutexCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.FUTEX,
        Support.FULL,
        "",
        (t, address, op, value, time, second, value3) ->
            futex(t, address, (int) op, (int) value, time, second, (int) value3));
    table.row(
        Sys.FUTEX_WAITV,
        Support.FULL,
        "",
        (t, waiters, count, flags, time, clock, _) ->
            waitv(t, waiters, (int) count, (int) flags, time, (int) clock));
    table.row(
        Sys.SET_ROBUST_LIST,
        Support.FULL,
        "",
        (t, head, size, _, _, _, _) -> {
          if (size != RobustList.HEAD_SIZE) {
            return -Errno.EINVAL;
          }
          t.setRobustList(head);
          return 0;
        });
    table.row(
        Sys.GET_ROBUST_LIST,
        Support.FULL,
        "",
        (t, pid, head, size, _, _, _) -> getRobustList(t, (int) pid, head, size));
  }

  private static FutexMemory memory(Task task) throws ErrnoException {
    if (task.memory() instanceof FutexMemory memory) {
      return memory;
    }
    throw ErrnoException.of(Errno.EFAULT);
  }

  private static FutexKey key(Task task, long address, boolean processPrivate)
      throws ErrnoException {
    if ((address & 3) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return memory(task).futexKey(address, processPrivate);
  }

  private static long futex(
      Task task, long address, int operation, int value, long time, long second, int value3)
      throws ErrnoException {
    int command = operation & ~(PRIVATE_FLAG | CLOCK_REALTIME_FLAG);
    boolean own = (operation & PRIVATE_FLAG) != 0;
    boolean realtime = (operation & CLOCK_REALTIME_FLAG) != 0;
    if (realtime && command != WAIT_BITSET && command != LOCK_PI2 && command != WAIT_REQUEUE_PI) {
      return -Errno.ENOSYS;
    }
    FutexTable futexes = task.kernel().futexes();
    try {
      return switch (command) {
        case WAIT -> {
          long deadline = relative(task, time);
          yield wait(task, address, own, value, FutexTable.ANY, deadline);
        }
        case WAIT_BITSET -> {
          Clock clock = Clocks.find(task, realtime ? Clocks.REALTIME : Clocks.MONOTONIC);
          long deadline = absolute(task, clock, time);
          yield wait(task, address, own, value, value3, deadline);
        }
        case WAKE -> futexes.wake(key(task, address, own), value, FutexTable.ANY);
        case WAKE_BITSET -> futexes.wake(key(task, address, own), value, value3);
        case REQUEUE -> requeue(task, address, second, own, value, (int) time, null);
        case CMP_REQUEUE -> requeue(task, address, second, own, value, (int) time, value3);
        case WAKE_OP ->
            futexes.wakeOperation(
                key(task, address, own),
                key(task, second, own),
                memory(task).futexWord(second, true),
                value,
                (int) time,
                value3);
        case LOCK_PI -> lock(task, address, own, false, Clocks.REALTIME, time);
        case LOCK_PI2 -> {
          int clock = realtime ? Clocks.REALTIME : Clocks.MONOTONIC;
          yield lock(task, address, own, false, clock, time);
        }
        case TRYLOCK_PI -> lock(task, address, own, true, Clocks.MONOTONIC, 0);
        case UNLOCK_PI -> {
          FutexKey key = key(task, address, own);
          FutexWord word = memory(task).futexWord(address, true);
          yield task.kernel().ownedFutexes().unlock(task, key, word);
        }
        case WAIT_REQUEUE_PI -> {
          Clock clock = Clocks.find(task, realtime ? Clocks.REALTIME : Clocks.MONOTONIC);
          yield futexes.waitForLock(
              task,
              task.kernel().ownedFutexes(),
              key(task, address, own),
              memory(task).futexWord(address, false),
              value,
              key(task, second, own),
              absolute(task, clock, time));
        }
        case CMP_REQUEUE_PI -> {
          if (value != 1 || (int) time < 0) {
            yield -Errno.EINVAL;
          }
          yield futexes.requeueToLock(
              task.kernel().ownedFutexes(),
              key(task, address, own),
              memory(task).futexWord(address, false),
              value3,
              key(task, second, own),
              memory(task).futexWord(second, true),
              (int) time);
        }
        default -> -Errno.ENOSYS;
      };
    } catch (InternalError e) { // a page past the end of the mapped file
      return -Errno.EFAULT;
    }
  }

  private static long relative(Task task, long time) throws ErrnoException {
    return time == 0
        ? Task.NEVER
        : Timespec.deadline(Timespec.readValid(task.memory(), time).toNanos());
  }

  private static long absolute(Task task, Clock clock, long time) throws ErrnoException {
    return time == 0
        ? Task.NEVER
        : clock.whenShows(Timespec.readValid(task.memory(), time).toNanos());
  }

  /** Waits; restarted with the same deadline when no handler ran. */
  private static long wait(
      Task task, long address, boolean own, int expected, int bitset, long deadline)
      throws ErrnoException {
    if (bitset == 0) {
      return -Errno.EINVAL;
    }
    FutexKey key = key(task, address, own);
    FutexWord word = memory(task).futexWord(address, false);
    long result = task.kernel().futexes().wait(task, key, word, expected, bitset, deadline);
    if (result != -Errno.ERESTARTSYS || deadline == Task.NEVER) {
      return result;
    }
    task.signals()
        .setRestart(
            again -> {
              try {
                return wait(again, address, own, expected, bitset, deadline);
              } catch (ErrnoException e) {
                return -e.errno();
              }
            });
    return -Errno.ERESTART_RESTARTBLOCK;
  }

  private static long lock(
      Task task, long address, boolean own, boolean attempt, int clock, long time)
      throws ErrnoException {
    long deadline = absolute(task, Clocks.find(task, clock), time);
    FutexKey key = key(task, address, own);
    FutexWord word = memory(task).futexWord(address, true);
    return task.kernel().ownedFutexes().lock(task, key, word, attempt, deadline);
  }

  private static long requeue(
      Task task,
      long from,
      long to,
      boolean own,
      int wakeMost,
      int moveMost,
      @Nullable Integer expected)
      throws ErrnoException {
    if (wakeMost < 0 || moveMost < 0) {
      return -Errno.EINVAL;
    }
    FutexKey source = key(task, from, own);
    FutexKey target = key(task, to, own);
    FutexWord word = expected == null ? NO_WORD : memory(task).futexWord(from, false);
    return task.kernel().futexes().requeue(source, target, wakeMost, moveMost, word, expected);
  }

  private static long waitv(Task task, long waiters, int count, int flags, long time, int clockId)
      throws ErrnoException {
    if (flags != 0 || count <= 0 || count > FutexTable.WAITV_MAX || waiters == 0) {
      return -Errno.EINVAL;
    }
    long deadline = Task.NEVER;
    if (time != 0) {
      if (clockId != Clocks.REALTIME && clockId != Clocks.MONOTONIC) {
        return -Errno.EINVAL;
      }
      deadline = absolute(task, Clocks.find(task, clockId), time);
    }
    List<FutexTable.Wanted> wanted = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long at = waiters + (long) i * WAITV;
      long value = task.memory().getLong(at);
      long address = task.memory().getLong(at + 8);
      int kind = task.memory().getInt(at + 16);
      int reserved = task.memory().getInt(at + 20);
      if ((kind & ~FUTEX2_PRIVATE) != FUTEX2_SIZE_U32 || reserved != 0 || value >>> 32 != 0) {
        return -Errno.EINVAL;
      }
      wanted.add(
          new FutexTable.Wanted(
              key(task, address, (kind & FUTEX2_PRIVATE) != 0),
              memory(task).futexWord(address, false),
              (int) value));
    }
    try {
      return task.kernel().futexes().waitForAny(task, wanted, deadline);
    } catch (InternalError e) { // a page past the end of the mapped file
      return -Errno.EFAULT;
    }
  }

  private static long getRobustList(Task task, int pid, long head, long size)
      throws ErrnoException {
    Task target = pid == 0 ? task : task.kernel().tasks().find(pid);
    if (target == null) {
      return -Errno.ESRCH;
    }
    if (!target.process().equals(task.process())
        && target.credentials().uid() != task.credentials().uid()
        && !task.credentials().has(Capability.SYS_PTRACE)) {
      return -Errno.EPERM;
    }
    task.memory().putLong(size, RobustList.HEAD_SIZE);
    task.memory().putLong(head, target.robustList());
    return 0;
  }
}
