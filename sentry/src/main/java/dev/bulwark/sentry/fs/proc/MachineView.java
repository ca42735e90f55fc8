package dev.bulwark.sentry.fs.proc;

import dev.bulwark.linux.HostMemory;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.mm.MemoryAccount;
import java.util.BitSet;

/** The machine as the kernel knows it: its memory limit, the processors that the Sentry has. */
public final class MachineView implements SystemView {
  private final Kernel kernel;
  private final long hostMemory = HostMemory.total();

  /** The machine of a kernel that is {@linkplain Kernel#install installed} before it is asked. */
  public MachineView(Kernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public int processors() {
    return processorNumbers().cardinality();
  }

  @Override
  public BitSet processorNumbers() {
    return kernel.resources().processors();
  }

  @Override
  public long memoryTotal() {
    long limit = kernel.account().limit();
    return limit == MemoryAccount.UNLIMITED ? hostMemory : Math.min(limit, hostMemory);
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
