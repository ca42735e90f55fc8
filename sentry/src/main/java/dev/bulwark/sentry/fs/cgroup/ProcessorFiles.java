package dev.bulwark.sentry.fs.cgroup;

import dev.bulwark.control.ResourceLimits;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.kernel.ProcessorList;
import dev.bulwark.sentry.kernel.ThreadGroup;

/**
 * The files of the controllers of processors. How often the group was held back is known to the
 * host alone, so cpu.stat does not tell it.
 */
final class ProcessorFiles {
  private static final long USUAL_WEIGHT = 100;
  private static final long LEAST_SHARES = 2;
  private static final long MOST_SHARES = 262_144;
  private static final long NANOS_PER_MICRO = 1000;

  private final Kernel kernel;

  ProcessorFiles(Kernel kernel) {
    this.kernel = kernel;
  }

  void addTo(CgroupSystem group) {
    group.sets("cpu.max", _ -> quota());
    group.sets("cpu.max.burst", _ -> "0\n");
    group.sets("cpu.weight", _ -> weight(kernel.resources().limits().cpuShares()) + "\n");
    group.shows("cpu.stat", _ -> statistics());
    group.sets("cpuset.cpus", _ -> configured());
    group.shows(
        "cpuset.cpus.effective", _ -> ProcessorList.format(kernel.resources().processors()) + "\n");
    group.sets("cpuset.mems", _ -> "\n");
    group.shows("cpuset.mems.effective", _ -> "0\n");
  }

  private String quota() {
    ResourceLimits limits = kernel.resources().limits();
    String quota = limits.cpuQuotaMicros() == 0 ? "max" : "" + limits.cpuQuotaMicros();
    return quota + " " + kernel.resources().period() + "\n";
  }

  private String configured() {
    String list = kernel.resources().limits().cpuset();
    return list.isEmpty() ? "\n" : ProcessorList.format(ProcessorList.parse(list)) + "\n";
  }

  /** The weight that shares of cgroup v1 come to, by the formula of the OCI runtimes. */
  static long weight(long shares) {
    if (shares == 0) {
      return USUAL_WEIGHT;
    }
    long bounded = Math.clamp(shares, LEAST_SHARES, MOST_SHARES);
    return 1 + (bounded - LEAST_SHARES) * 9999 / (MOST_SHARES - LEAST_SHARES);
  }

  private String statistics() {
    long user = 0;
    long system = 0;
    for (ThreadGroup process : kernel.processes().all()) {
      user += process.cpu().userNanos() + process.cpu().childrenUserNanos();
      system += process.systemNanos() + process.cpu().childrenSystemNanos();
    }
    user /= NANOS_PER_MICRO;
    system /= NANOS_PER_MICRO;
    return "usage_usec "
        + (user + system)
        + "\nuser_usec "
        + user
        + "\nsystem_usec "
        + system
        + "\nnice_usec 0\n";
  }
}
