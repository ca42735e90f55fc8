package dev.bulwark.sentry.ipc;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** msgget(2), msgsnd(2), msgrcv(2), msgctl(2). */
final class MessageCalls {
  private static final int NO_WAIT = 04000;
  private static final int IPC_RMID = 0;
  private static final int IPC_SET = 1;
  private static final int IPC_STAT = 2;
  private static final int IPC_INFO = 3;
  private static final int MSG_STAT = 11;
  private static final int MSG_INFO = 12;
  private static final int MSG_STAT_ANY = 13;

  /** Size of {@code struct msginfo}, and what it tells that Linux does not use. */
  private static final int INFO_SIZE = 32;

  private static final int SEGMENT_SIZE = 16;
  private static final int SEGMENTS = 0xffff;

  private MessageCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.MSGGET,
        Support.FULL,
        "",
        (t, key, flags, _, _, _, _) -> system(t).get((int) key, (int) flags, t.credentials()));
    table.row(
        Sys.MSGSND,
        Support.FULL,
        "",
        (t, id, message, size, flags, _, _) -> send(t, (int) id, message, size, (int) flags));
    table.row(
        Sys.MSGRCV,
        Support.FULL,
        "",
        (t, id, message, size, type, flags, _) ->
            receive(t, (int) id, message, size, new Selection(type, (int) flags)));
    table.row(
        Sys.MSGCTL,
        Support.FULL,
        "",
        (t, id, command, buffer, _, _, _) -> control(t, (int) id, (int) command, buffer));
  }

  private static MessageSystem system(Task task) {
    return task.kernel().ipc().messages();
  }

  private static long send(Task task, int id, long address, long size, int flags)
      throws ErrnoException {
    long type = task.memory().getLong(address);
    if (size < 0 || size > MessageSystem.MAX_BYTES || id < 0 || type < 1) {
      return -Errno.EINVAL;
    }
    byte[] text = task.memory().readBytes(address + Long.BYTES, (int) size);
    QueuedMessage message = new QueuedMessage(type, text);
    MessageSystem system = system(task);
    PendingSend waiting = null;
    while (true) {
      waiting = system.send(task, id, message, (flags & NO_WAIT) == 0, waiting);
      if (waiting == null) {
        return 0;
      }
      if (task.sleep(waiting::woken, Task.NEVER) < 0) {
        system.giveUp(id, waiting);
        return -Errno.ERESTARTNOHAND;
      }
    }
  }

  private static long receive(Task task, int id, long address, long size, Selection selection)
      throws ErrnoException {
    if (id < 0 || size < 0) {
      return -Errno.EINVAL;
    }
    boolean wait = !selection.has(NO_WAIT);
    if (selection.has(Selection.COPY)) {
      if (wait || selection.has(Selection.EXCEPT)) {
        return -Errno.EINVAL;
      }
      return store(task, address, size, system(task).copy(task, id, selection, size));
    }
    boolean known = false;
    while (true) {
      PendingReceive call = system(task).receive(task, id, selection, size, wait, known);
      known = true;
      if (task.sleep(call::done, Task.NEVER) < 0) {
        system(task).giveUp(id, call);
      }
      QueuedMessage message = call.message();
      if (message != null) {
        return store(task, address, size, message);
      }
      if (!call.done()) {
        return -Errno.ERESTARTNOHAND;
      }
      if (call.errno() != Errno.EAGAIN) {
        return -call.errno();
      }
    }
  }

  private static long store(Task task, long address, long size, QueuedMessage message)
      throws ErrnoException {
    int length = (int) Math.min(size, message.text().length);
    task.memory().putLong(address, message.type());
    task.memory().write(address + Long.BYTES, message.text(), 0, length);
    return length;
  }

  private static long control(Task task, int id, int command, long buffer) throws ErrnoException {
    MessageSystem system = system(task);
    if (id < 0 || command < 0) {
      return -Errno.EINVAL;
    }
    return switch (command) {
      case IPC_INFO, MSG_INFO -> info(task, command == MSG_INFO, buffer);
      case IPC_STAT, MSG_STAT, MSG_STAT_ANY -> {
        ByteBuffer to = IpcCalls.buffer(Queue.SIZE);
        boolean index = command != IPC_STAT;
        int found = system.stat(id, index, command == MSG_STAT_ANY, task.credentials(), to);
        IpcCalls.store(task, buffer, to);
        yield index ? found : 0;
      }
      case IPC_SET -> {
        byte[] given = task.memory().readBytes(buffer, Queue.SIZE);
        ByteBuffer from = ByteBuffer.wrap(given).order(ByteOrder.LITTLE_ENDIAN);
        system.set(id, IpcChange.of(from), from.getLong(88), task.credentials());
        yield 0;
      }
      case IPC_RMID -> {
        system.remove(id, task.credentials());
        yield 0;
      }
      default -> -Errno.EINVAL;
    };
  }

  private static long info(Task task, boolean used, long address) throws ErrnoException {
    MessageSystem.Sums sums = system(task).sums();
    ByteBuffer to = IpcCalls.buffer(INFO_SIZE);
    int pool = MessageSystem.MAX_QUEUES * (MessageSystem.BYTES_OF_QUEUE / 1024);
    to.putInt(used ? sums.queues() : pool);
    to.putInt(used ? sums.messages() : MessageSystem.BYTES_OF_QUEUE);
    to.putInt(MessageSystem.MAX_BYTES);
    to.putInt(MessageSystem.BYTES_OF_QUEUE);
    to.putInt(MessageSystem.MAX_QUEUES);
    to.putInt(SEGMENT_SIZE);
    to.putInt(used ? (int) sums.bytes() : MessageSystem.BYTES_OF_QUEUE);
    to.putShort((short) SEGMENTS);
    IpcCalls.store(task, address, to);
    return sums.highest();
  }
}
