package dev.bulwark.sentry.ipc;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.time.Timespec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** semget(2), semop(2), semtimedop(2), semctl(2). */
final class SemaphoreCalls {
  private static final int IPC_RMID = 0;
  private static final int IPC_SET = 1;
  private static final int IPC_STAT = 2;
  private static final int IPC_INFO = 3;
  private static final int GETPID = 11;
  private static final int GETVAL = 12;
  private static final int GETALL = 13;
  private static final int GETNCNT = 14;
  private static final int GETZCNT = 15;
  private static final int SETVAL = 16;
  private static final int SETALL = 17;
  private static final int SEM_STAT = 18;
  private static final int SEM_INFO = 19;
  private static final int SEM_STAT_ANY = 20;

  /** Size of {@code struct seminfo}, and what it tells that Linux does not use. */
  private static final int INFO_SIZE = 40;

  private static final int UNDO_SIZE = 20;

  private SemaphoreCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.SEMGET,
        Support.FULL,
        "",
        (t, key, count, flags, _, _, _) ->
            system(t).get((int) key, (int) count, (int) flags, t.credentials()));
    table.row(
        Sys.SEMOP,
        Support.FULL,
        "",
        (t, id, operations, count, _, _, _) ->
            operate(t, (int) id, operations, count & 0xffffffffL, Task.NEVER));
    table.row(
        Sys.SEMTIMEDOP,
        Support.FULL,
        "",
        (t, id, operations, count, timeout, _, _) ->
            timed(t, (int) id, operations, count & 0xffffffffL, timeout));
    table.row(
        Sys.SEMCTL,
        Support.FULL,
        "",
        (t, id, number, command, argument, _, _) ->
            control(t, (int) id, (int) number, (int) command, argument));
  }

  private static SemaphoreSystem system(Task task) {
    return task.kernel().ipc().semaphores();
  }

  private static long timed(Task task, int id, long operations, long count, long timeout)
      throws ErrnoException {
    if (timeout == 0) {
      return operate(task, id, operations, count, Task.NEVER);
    }
    Timespec time = Timespec.read(task.memory(), timeout);
    if (count <= SemaphoreSystem.MAX_OPERATIONS && count > 0 && !time.valid()) {
      return -Errno.EINVAL;
    }
    return operate(task, id, operations, count, Timespec.deadline(time.toNanos()));
  }

  private static long operate(Task task, int id, long address, long count, long deadline)
      throws ErrnoException {
    if (count > SemaphoreSystem.MAX_OPERATIONS) {
      return -Errno.E2BIG;
    }
    if (count == 0) {
      return -Errno.EINVAL;
    }
    byte[] bytes = task.memory().readBytes(address, (int) count * SemOperation.SIZE);
    if (id < 0) {
      return -Errno.EINVAL;
    }
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<SemOperation> operations = new ArrayList<>((int) count);
    for (int i = 0; i < count; i++) {
      operations.add(
          new SemOperation(from.getShort() & 0xffff, from.getShort(), from.getShort() & 0xffff));
    }
    SemaphoreSystem system = system(task);
    PendingOperations call = system.begin(task, id, operations);
    if (call.done()) {
      return call.result();
    }
    long slept = task.sleep(call::done, deadline);
    // Not restarted after any handler, as semop(2) says.
    int otherwise = slept == -Errno.ETIMEDOUT ? -Errno.EAGAIN : -Errno.EINTR;
    return system.end(id, call, otherwise);
  }

  private static long control(Task task, int id, int number, int command, long argument)
      throws ErrnoException {
    SemaphoreSystem system = system(task);
    if (id < 0) {
      return -Errno.EINVAL;
    }
    return switch (command) {
      case IPC_INFO, SEM_INFO -> info(task, command == SEM_INFO, argument);
      case IPC_STAT, SEM_STAT, SEM_STAT_ANY -> {
        ByteBuffer to = IpcCalls.buffer(SemaphoreSet.SIZE);
        boolean index = command != IPC_STAT;
        int found = system.stat(id, index, command == SEM_STAT_ANY, task.credentials(), to);
        IpcCalls.store(task, argument, to);
        yield index ? found : 0;
      }
      case GETALL -> getAll(task, id, argument);
      case GETVAL -> system.ask(id, number, task.credentials(), SemaphoreSet::value);
      case GETPID -> system.ask(id, number, task.credentials(), SemaphoreSet::pid);
      case GETNCNT ->
          system.ask(id, number, task.credentials(), (set, which) -> set.waiting(which, false));
      case GETZCNT ->
          system.ask(id, number, task.credentials(), (set, which) -> set.waiting(which, true));
      case SETALL -> setAll(task, id, argument);
      case SETVAL -> {
        int value = (int) argument;
        if (value < 0 || value > SemaphoreSet.HIGHEST) {
          yield -Errno.ERANGE;
        }
        system.setValue(task, id, number, value);
        yield 0;
      }
      case IPC_SET -> {
        byte[] given = task.memory().readBytes(argument, SemaphoreSet.SIZE);
        IpcChange change = IpcChange.of(ByteBuffer.wrap(given).order(ByteOrder.LITTLE_ENDIAN));
        system.set(id, change, task.credentials());
        yield 0;
      }
      case IPC_RMID -> {
        system.remove(id, task.credentials());
        yield 0;
      }
      default -> -Errno.EINVAL;
    };
  }

  private static long getAll(Task task, int id, long address) throws ErrnoException {
    int[] values = system(task).values(id, task.credentials());
    ByteBuffer to = IpcCalls.buffer(values.length * Short.BYTES);
    for (int value : values) {
      to.putShort((short) value);
    }
    IpcCalls.store(task, address, to);
    return 0;
  }

  private static long setAll(Task task, int id, long address) throws ErrnoException {
    int count = system(task).prepareSetAll(id, task.credentials());
    byte[] given = task.memory().readBytes(address, count * Short.BYTES);
    ByteBuffer from = ByteBuffer.wrap(given).order(ByteOrder.LITTLE_ENDIAN);
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = from.getShort() & 0xffff;
      if (values[i] > SemaphoreSet.HIGHEST) {
        return -Errno.ERANGE;
      }
    }
    system(task).setValues(task, id, values);
    return 0;
  }

  private static long info(Task task, boolean used, long address) throws ErrnoException {
    SemaphoreSystem.Sums sums = system(task).sums();
    ByteBuffer to = IpcCalls.buffer(INFO_SIZE);
    to.putInt(SemaphoreSystem.MAX_SEMAPHORES);
    to.putInt(SemaphoreSystem.MAX_SETS);
    to.putInt(SemaphoreSystem.MAX_SEMAPHORES);
    to.putInt(SemaphoreSystem.MAX_SEMAPHORES);
    to.putInt(SemaphoreSystem.MAX_OF_SET);
    to.putInt(SemaphoreSystem.MAX_OPERATIONS);
    to.putInt(SemaphoreSystem.MAX_OPERATIONS);
    to.putInt(used ? sums.sets() : UNDO_SIZE);
    to.putInt(SemaphoreSet.HIGHEST);
    to.putInt(used ? sums.semaphores() : SemaphoreSet.HIGHEST);
    IpcCalls.store(task, address, to);
    return sums.highest();
  }
}
