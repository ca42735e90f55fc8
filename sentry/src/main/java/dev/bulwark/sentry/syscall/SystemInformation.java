package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.HostMemory;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.MemoryAccount;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** sysinfo(2): the sandbox as a machine, with its memory limit for the machine's memory. */
final class SystemInformation {
  private static final int SIZE = 112;
  private static final int TASKS = 80;
  private static final int UNIT = 104;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private SystemInformation() {}

  /** Adds the row. */
  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.SYSINFO,
        Support.PARTIAL,
        "loads are 0",
        (task, address, _, _, _, _, _) -> sysinfo(task, address));
  }

  private static long sysinfo(Task task, long address) throws ErrnoException {
    Kernel kernel = task.kernel();
    long limit = kernel.account().limit();
    long host = HostMemory.total();
    long total = limit == MemoryAccount.UNLIMITED ? host : Math.min(limit, host);
    byte[] bytes = new byte[SIZE];
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(kernel.uptimeNanos() / NANOS_PER_SECOND)
        .putLong(0) // loads over 1, 5 and 15 minutes
        .putLong(0)
        .putLong(0)
        .putLong(total)
        .putLong(Math.max(0, total - kernel.account().used()))
        .putShort(TASKS, (short) Math.min(kernel.tasks().all().size(), Short.MAX_VALUE))
        .putInt(UNIT, 1);
    task.memory().write(address, bytes);
    return 0;
  }
}
