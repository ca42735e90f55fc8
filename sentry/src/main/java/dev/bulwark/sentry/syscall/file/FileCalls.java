package dev.bulwark.sentry.syscall.file;

import dev.bulwark.sentry.syscall.SyscallTable;

/** All calls of this package. */
public final class FileCalls {
  private FileCalls() {}

  /** Adds the rows. */
  public static void rows(SyscallTable.Builder table) {
    OpenCalls.rows(table);
    ReadWriteCalls.rows(table);
    StatCalls.rows(table);
    AccessCalls.rows(table);
    DirectoryCalls.rows(table);
    NameCalls.rows(table);
    ModeCalls.rows(table);
    TimeCalls.rows(table);
    SizeCalls.rows(table);
    DescriptorCalls.rows(table);
    FcntlCalls.rows(table);
    IoctlCalls.rows(table);
    SyncCalls.rows(table);
    LockCalls.rows(table);
    XattrCalls.rows(table);
    CopyCalls.rows(table);
    MountCalls.rows(table);
    MountTreeCalls.rows(table);
    MemfdCalls.rows(table);
    HandleCalls.rows(table);
    InotifyCalls.rows(table);
  }
}
