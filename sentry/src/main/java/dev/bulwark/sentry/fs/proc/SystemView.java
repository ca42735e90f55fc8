package dev.bulwark.sentry.fs.proc;

import java.util.BitSet;

/** What /proc tells of the machine that applications believe to run on. Thread-safe. */
public interface SystemView {

  /** How many processors applications may use at a time; at least 1. */
  int processors();

  /** The numbers of these processors, in order. */
  default BitSet processorNumbers() {
    BitSet numbers = new BitSet();
    numbers.set(0, processors());
    return numbers;
  }

  /** Memory that all applications together may use, in bytes. */
  long memoryTotal();

  /** Memory that they use now, in bytes. */
  long memoryUsed();

  /** AT_HWCAP: the EDX word of CPUID 1, from which the feature flags are told. */
  long cpuCapabilities();
}
