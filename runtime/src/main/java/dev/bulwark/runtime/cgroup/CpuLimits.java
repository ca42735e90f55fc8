package dev.bulwark.runtime.cgroup;

import dev.bulwark.linux.Errno;
import dev.bulwark.runtime.oci.Resources;
import org.jspecify.annotations.Nullable;

/** Shares of processors. */
final class CpuLimits {
  private static final long DEFAULT_PERIOD = 100_000;

  private final Limits limits;

  CpuLimits(Limits limits) {
    this.limits = limits;
  }

  void apply(Resources.Cpu cpu) throws CgroupException {
    cpuset(cpu);
    Long shares = set(cpu.shares());
    Long quota = set(cpu.quota());
    Long period = set(cpu.period());
    boolean realtime = set(cpu.realtimePeriod()) != null || set(cpu.realtimeRuntime()) != null;
    boolean asked =
        shares != null || quota != null || period != null || cpu.burst() != null || realtime;
    if (!asked && cpu.idle() == null) {
      return;
    }
    String v1 = limits.v1("cpu");
    String v2 = limits.v2("cpu");
    if (v1 != null) {
      v1(v1, cpu, shares, quota, period);
    } else if (v2 != null) {
      v2(v2, cpu, shares, quota, period);
      if (realtime) {
        limits.warn("cpu.realtimeRuntime has no effect: cgroup v2 does not have it");
      }
    } else {
      throw limits.missing("cpu", "cpu");
    }
  }

  private void cpuset(Resources.Cpu cpu) throws CgroupException {
    if (cpu.cpus().isEmpty() && cpu.mems().isEmpty()) {
      return;
    }
    String v1 = limits.v1("cpuset");
    String directory = v1 == null ? limits.v2("cpuset") : v1;
    if (directory == null) {
      throw limits.missing("cpu.cpus", "cpuset");
    }
    if (!cpu.cpus().isEmpty()) {
      limits.set("cpu.cpus", directory + "/cpuset.cpus", cpu.cpus());
    }
    if (!cpu.mems().isEmpty()) {
      limits.set("cpu.mems", directory + "/cpuset.mems", cpu.mems());
    }
  }

  private void v1(
      String directory,
      Resources.Cpu cpu,
      @Nullable Long shares,
      @Nullable Long quota,
      @Nullable Long period)
      throws CgroupException {
    realtime(directory, cpu);
    Long idle = cpu.idle();
    if (idle != null) {
      limits.set("cpu.idle", directory + "/cpu.idle", idle.toString());
    }
    if (shares != null && (idle == null || idle == 0)) {
      limits.set("cpu.shares", directory + "/cpu.shares", shares.toString());
    }
    String periodFile = directory + "/cpu.cfs_period_us";
    boolean later = false;
    if (period != null) {
      int errno = limits.attempt(periodFile, period.toString());
      // The quota of before can be too much for a shorter period.
      later = errno == Errno.EINVAL && quota != null;
      if (errno != 0 && !later) {
        throw limits.failure("cpu.period", periodFile, period.toString(), errno);
      }
    }
    Long burst = cpu.burst();
    String burstFile = directory + "/cpu.cfs_burst_us";
    // Likewise the burst and the quota, which bounds it.
    boolean burstLater =
        burst != null && (quota != null || limits.attempt(burstFile, burst.toString()) != 0);
    if (quota != null) {
      String quotaFile = directory + "/cpu.cfs_quota_us";
      int errno = limits.attempt(quotaFile, quota.toString());
      if (errno == Errno.EINVAL && limits.exists(burstFile)) {
        limits.attempt(burstFile, "0");
        errno = limits.attempt(quotaFile, quota.toString());
      }
      if (errno != 0) {
        throw limits.failure("cpu.quota", quotaFile, quota.toString(), errno);
      }
    }
    if (later && period != null) {
      limits.set("cpu.period", periodFile, period.toString());
    }
    if (burstLater && burst != null) {
      limits.set("cpu.burst", burstFile, burst.toString());
    }
  }

  private void realtime(String directory, Resources.Cpu cpu) throws CgroupException {
    Long period = set(cpu.realtimePeriod());
    Long runtime = set(cpu.realtimeRuntime());
    if (period != null) {
      limits.set("cpu.realtimePeriod", directory + "/cpu.rt_period_us", period.toString());
    }
    if (runtime != null) {
      limits.set("cpu.realtimeRuntime", directory + "/cpu.rt_runtime_us", runtime.toString());
    }
  }

  private void v2(
      String directory,
      Resources.Cpu cpu,
      @Nullable Long shares,
      @Nullable Long quota,
      @Nullable Long period)
      throws CgroupException {
    Long idle = cpu.idle();
    if (idle != null) {
      limits.set("cpu.idle", directory + "/cpu.idle", idle.toString());
    }
    if (shares != null && (idle == null || idle == 0)) {
      limits.set("cpu.shares", directory + "/cpu.weight", Long.toString(weight(shares)));
    }
    Long burst = cpu.burst();
    String burstFile = directory + "/cpu.max.burst";
    boolean burstLater =
        burst != null && (quota != null || limits.attempt(burstFile, burst.toString()) != 0);
    if (quota != null || period != null) {
      String file = directory + "/cpu.max";
      String max = maximum(limits.read(file), quota, period);
      int errno = limits.attempt(file, max);
      if (errno == Errno.EINVAL && limits.exists(burstFile)) {
        limits.attempt(burstFile, "0");
        errno = limits.attempt(file, max);
      }
      if (errno != 0) {
        throw limits.failure("cpu.quota", file, max, errno);
      }
    }
    if (burstLater && burst != null) {
      limits.set("cpu.burst", burstFile, burst.toString());
    }
  }

  /** What to write to cpu.max, where the part that is not given stays. */
  private static String maximum(
      @Nullable String current, @Nullable Long quota, @Nullable Long period) {
    String[] now = (current == null ? "" : current).split(" ", -1);
    String first =
        quota != null ? quota < 0 ? "max" : quota.toString() : now[0].isEmpty() ? "max" : now[0];
    String second =
        period != null
            ? period.toString()
            : now.length > 1 ? now[1] : Long.toString(DEFAULT_PERIOD);
    return first + " " + second;
  }

  /** Shares of v1, 2 to 262144, as a weight of v2, 1 to 10000; as runc and systemd convert it. */
  static long weight(long shares) {
    long bounded = Math.clamp(shares, 2, 262_144);
    return 1 + (bounded - 2) * 9999 / 262_142;
  }

  private static @Nullable Long set(@Nullable Long value) {
    return value == null || value == 0 ? null : value;
  }
}
