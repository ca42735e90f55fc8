package dev.bulwark.sentry.loader;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the host's kernel tells programs of the processor; applications run on it directly, so it
 * holds for them too.
 *
 * @param capabilities AT_HWCAP: the EDX word of CPUID 1
 * @param capabilities2 AT_HWCAP2
 * @param signalStack AT_MINSIGSTKSZ: bytes that a signal frame may take
 * @param vdso AT_SYSINFO_EHDR: where the functions lie that need no system call; 0 for none
 */
public record HostCpu(long capabilities, long capabilities2, long signalStack, long vdso) {
  /** Says that programs may use the instructions that read and write the bases of fs and gs. */
  private static final long FSGSBASE = 2;

  private static final long DEFAULT_SIGNAL_STACK = 3632;

  /** A processor without a vdso. */
  public HostCpu(long capabilities, long capabilities2, long signalStack) {
    this(capabilities, capabilities2, signalStack, 0);
  }

  /** The same, and where the vdso is. */
  public HostCpu withVdso(long address) {
    return new HostCpu(capabilities, capabilities2, signalStack, address);
  }

  /**
   * The same, but programs are to set the base of gs by arch_prctl(2), so that the platform, which
   * uses it meanwhile, hears of it.
   */
  public HostCpu withoutBaseInstructions() {
    return new HostCpu(capabilities, capabilities2 & ~FSGSBASE, signalStack, vdso);
  }

  /** What an auxiliary vector of this machine says, such as the Sentry's own. */
  public static HostCpu ofAuxiliaryVector(byte[] vector) {
    ByteBuffer in = ByteBuffer.wrap(vector).order(ByteOrder.LITTLE_ENDIAN);
    long capabilities = 0;
    long capabilities2 = 0;
    long signalStack = DEFAULT_SIGNAL_STACK;
    while (in.remaining() >= 16) {
      long key = in.getLong();
      long value = in.getLong();
      if (key == AuxiliaryVector.HWCAP) {
        capabilities = value;
      } else if (key == AuxiliaryVector.HWCAP2) {
        capabilities2 = value;
      } else if (key == AuxiliaryVector.MINSIGSTKSZ) {
        signalStack = value;
      }
    }
    return new HostCpu(capabilities, capabilities2, signalStack);
  }
}
