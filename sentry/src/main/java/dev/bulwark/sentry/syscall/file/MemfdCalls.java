package dev.bulwark.sentry.syscall.file;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.fs.tmpfs.MemoryFiles;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;

/** memfd_create(2). */
final class MemfdCalls {
  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;
  private static final int MFD_NOEXEC_SEAL = 8;
  private static final int MFD_EXEC = 0x10;
  private static final int KNOWN = MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL | MFD_EXEC;
  private static final int LONGEST_NAME = 249;

  private MemfdCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.MEMFD_CREATE,
        Support.PARTIAL,
        "no huge pages: MFD_HUGETLB is EINVAL",
        (t, name, flags, _, _, _, _) -> memfdCreate(t, name, (int) flags));
  }

  private static long memfdCreate(Task task, long address, int flags) throws ErrnoException {
    int executable = MFD_NOEXEC_SEAL | MFD_EXEC;
    if ((flags & ~KNOWN) != 0 || (flags & executable) == executable) {
      return -Errno.EINVAL;
    }
    String name = task.memory().readString(address, LONGEST_NAME + 1, Errno.EINVAL);
    boolean noExec = (flags & MFD_NOEXEC_SEAL) != 0;
    boolean sealable = noExec || (flags & MFD_ALLOW_SEALING) != 0;
    Credentials owner = task.credentials();
    MemoryFiles files = task.kernel().memoryFiles();
    return OpenCalls.install(
        task, files.create(name, owner, sealable, !noExec), (flags & MFD_CLOEXEC) != 0);
  }
}
