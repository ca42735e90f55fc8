package dev.bulwark.sentry.kernel;

import dev.bulwark.control.ResourceLimits;
import dev.bulwark.sentry.mm.MemoryAccount;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the sandbox may use, and has used: what its files under /proc, /sys and /sys/fs/cgroup, and
 * calls such as sched_getaffinity(2) and sysinfo(2) tell. It can change while the sandbox runs; who
 * asks gets the answer of the moment. Thread-safe.
 */
public final class Resources {
  /** The period of the scheduler unless another is chosen. */
  private static final long USUAL_PERIOD = 100_000;

  private final Kernel kernel;
  private final AtomicLong memoryExceeded = new AtomicLong();
  private final AtomicLong killed = new AtomicLong();
  private volatile ResourceLimits limits = ResourceLimits.NONE;

  Resources(Kernel kernel) {
    this.kernel = kernel;
  }

  /** The limits. */
  public ResourceLimits limits() {
    return limits;
  }

  /**
   * Sets or changes the limits, after {@link Kernel#install}.
   *
   * @throws IllegalArgumentException for a list of processors that is none; nothing changes then,
   *     and the message is for people
   */
  public synchronized void set(ResourceLimits next) {
    if (!next.cpuset().isEmpty()) {
      ProcessorList.parse(next.cpuset());
    }
    limits = next;
    kernel.processes().setTaskLimit(next.pids() == 0 ? Long.MAX_VALUE : next.pids());
    kernel.account().setLimit(next.memory() == 0 ? MemoryAccount.UNLIMITED : next.memory());
    if (next.memory() != 0 && kernel.running()) {
      kernel.guardMemory();
    }
  }

  /** Microseconds of a period of {@link ResourceLimits#cpuQuotaMicros}. */
  public long period() {
    long period = limits.cpuPeriodMicros();
    return period == 0 ? USUAL_PERIOD : period;
  }

  /**
   * The processors that applications may use: those of the list, and of them no more than the quota
   * of CPU time can keep busy. At least one.
   */
  public BitSet processors() {
    ResourceLimits now = limits;
    BitSet usable;
    if (now.cpuset().isEmpty()) {
      usable = new BitSet();
      usable.set(0, Runtime.getRuntime().availableProcessors());
    } else {
      usable = ProcessorList.parse(now.cpuset());
    }
    if (now.cpuQuotaMicros() > 0) {
      long most = Math.max(1, Math.ceilDiv(now.cpuQuotaMicros(), period()));
      BitSet busy = new BitSet();
      for (int cpu = usable.nextSetBit(0);
          cpu >= 0 && busy.cardinality() < most;
          cpu = usable.nextSetBit(cpu + 1)) {
        busy.set(cpu);
      }
      usable = busy;
    }
    return usable;
  }

  /** The processors of {@link #processors} as the mask of sched_getaffinity(2). */
  public long[] processorMask() {
    return processors().toLongArray();
  }

  /** How often more memory was used than there may be. */
  public long memoryExceeded() {
    return memoryExceeded.get();
  }

  /** How many processes were killed for that. */
  public long killed() {
    return killed.get();
  }

  void noteExceeded() {
    memoryExceeded.incrementAndGet();
  }

  void noteKilled() {
    killed.incrementAndGet();
  }
}
