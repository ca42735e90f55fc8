package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.fs.proc.MachineView;
import dev.bulwark.sentry.kernel.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** sysinfo(2): what /proc/meminfo, uptime and loadavg tell, in numbers. */
final class SysinfoCalls {
  /** Size of {@code struct sysinfo}. */
  private static final int SIZE = 112;

  private static final int TOTAL = 32;
  private static final int FREE = 40;
  private static final int PROCESSES = 80;
  private static final int UNIT = 104;
  private static final int MOST_PROCESSES = 0xffff;

  private SysinfoCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(Sys.SYSINFO, Support.FULL, "", (t, info, _, _, _, _, _) -> sysinfo(t, info));
  }

  private static long sysinfo(Task task, long address) throws ErrnoException {
    MachineView view = new MachineView(task.kernel());
    long total = view.memoryTotal();
    long started = task.kernel().processes().init().startedNanos();
    int processes = task.kernel().tasks().all().size();
    ByteBuffer info = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    info.putLong(0, (System.nanoTime() - started + 999_999_999L) / 1_000_000_000L);
    info.putLong(TOTAL, total);
    info.putLong(FREE, Math.max(0, total - view.memoryUsed()));
    info.putShort(PROCESSES, (short) Math.min(processes, MOST_PROCESSES));
    info.putInt(UNIT, 1);
    task.memory().write(address, info.array());
    return 0;
  }
}
