package dev.bulwark.sentry.boot;

import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.fs.proc.SystemView;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.mm.MemoryAccount;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What /proc tells of the machine: the host's processors, and the sandbox's own memory. */
final class HostView implements SystemView {
  private final Kernel kernel;
  private final long total;

  HostView(Kernel kernel) {
    this.kernel = kernel;
    total = Math.min(kernel.account().limit(), hostMemory());
  }

  private static long hostMemory() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(128, 8); // struct sysinfo
      return HostCall.call(Sys.SYSINFO, info.address()) == 0
          ? info.get(ValueLayout.JAVA_LONG, 32) * info.get(ValueLayout.JAVA_INT, 104)
          : MemoryAccount.UNLIMITED;
    }
  }

  @Override
  public int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  @Override
  public long memoryTotal() {
    return total;
  }

  @Override
  public long memoryUsed() {
    return kernel.account().used();
  }

  @Override
  public long cpuCapabilities() {
    return kernel.hostCpu().capabilities();
  }
}
