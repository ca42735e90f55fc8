package dev.bulwark.sentry.ipc;

import dev.bulwark.sentry.syscall.SyscallTable;

/** The calls of System V IPC. */
public final class IpcCalls {
  private IpcCalls() {}

  /** Adds the rows. */
  public static void rows(SyscallTable.Builder table) {
    MessageCalls.rows(table);
    SemaphoreCalls.rows(table);
    SharedMemoryCalls.rows(table);
  }
}
