package dev.bulwark.sentry.ipc;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.SyscallTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The calls of System V IPC. */
public final class IpcCalls {
  private IpcCalls() {}

  /** Adds the rows. */
  public static void rows(SyscallTable.Builder table) {
    MessageCalls.rows(table);
    SemaphoreCalls.rows(table);
    SharedMemoryCalls.rows(table);
  }

  /** Room for a C structure. */
  static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Stores a whole C structure in application memory. */
  static void store(Task task, long address, ByteBuffer structure) throws ErrnoException {
    byte[] bytes = new byte[structure.capacity()];
    structure.get(0, bytes);
    task.memory().write(address, bytes);
  }
}
