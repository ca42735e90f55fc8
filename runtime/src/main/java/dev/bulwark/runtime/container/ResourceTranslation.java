package dev.bulwark.runtime.container;

import dev.bulwark.control.ResourceLimits;
import dev.bulwark.control.SeccompProfile;
import dev.bulwark.runtime.oci.Resources;
import dev.bulwark.runtime.oci.Seccomp;
import org.jspecify.annotations.Nullable;

/** Says to a Sentry, and to the host around it, what a configuration says of limits. */
final class ResourceTranslation {
  /** Threads of a sandbox's own processes; the Sentry's serve a task each. */
  private static final long OVERHEAD_TASKS = 256;

  private ResourceTranslation() {}

  /** What applications see and are held to. */
  static ResourceLimits of(Resources resources) {
    return new ResourceLimits(
        amount(resources.memory().limit()),
        amount(resources.memory().swap()),
        amount(resources.cpu().quota()),
        amount(resources.cpu().period()),
        amount(resources.cpu().shares()),
        resources.cpu().cpus(),
        amount(resources.pids()));
  }

  /** The same with changes; what a change leaves out stays. */
  static Resources changed(Resources old, Resources change) {
    Resources.Memory memory = change.memory();
    Resources.Cpu cpu = change.cpu();
    return new Resources(
        old.devices(),
        new Resources.Memory(
            either(memory.limit(), old.memory().limit()),
            either(memory.reservation(), old.memory().reservation()),
            either(memory.swap(), old.memory().swap()),
            old.memory().kernel(),
            old.memory().kernelTCP(),
            old.memory().swappiness(),
            old.memory().disableOOMKiller(),
            memory.checkBeforeUpdate()),
        new Resources.Cpu(
            either(cpu.shares(), old.cpu().shares()),
            either(cpu.quota(), old.cpu().quota()),
            either(cpu.burst(), old.cpu().burst()),
            either(cpu.period(), old.cpu().period()),
            either(cpu.realtimeRuntime(), old.cpu().realtimeRuntime()),
            either(cpu.realtimePeriod(), old.cpu().realtimePeriod()),
            cpu.cpus().isEmpty() ? old.cpu().cpus() : cpu.cpus(),
            cpu.mems().isEmpty() ? old.cpu().mems() : cpu.mems(),
            either(cpu.idle(), old.cpu().idle())),
        either(change.pids(), old.pids()),
        change.blockIO(),
        old.hugepageLimits(),
        old.network(),
        old.rdma(),
        change.unified());
  }

  private static @Nullable Long either(@Nullable Long first, @Nullable Long second) {
    return first != null ? first : second;
  }

  /** What the host holds the whole sandbox to: a task of an application is two on the host. */
  static Resources forHost(Resources resources) {
    Long pids = resources.pids();
    return pids == null || pids <= 0
        ? resources
        : new Resources(
            resources.devices(),
            resources.memory(),
            resources.cpu(),
            2 * pids + OVERHEAD_TASKS,
            resources.blockIO(),
            resources.hugepageLimits(),
            resources.network(),
            resources.rdma(),
            resources.unified());
  }

  private static long amount(@Nullable Long value) {
    return value == null ? 0 : Math.max(value, 0);
  }

  /** A filter of system calls; null for none. */
  static @Nullable SeccompProfile of(@Nullable Seccomp seccomp) {
    if (seccomp == null) {
      return null;
    }
    return new SeccompProfile(
        action(seccomp.defaultAction()),
        errno(seccomp.defaultErrnoRet()),
        seccomp.flags(),
        seccomp.syscalls().stream().map(ResourceTranslation::rule).toList());
  }

  private static SeccompProfile.Rule rule(Seccomp.Syscall rule) {
    return new SeccompProfile.Rule(
        rule.names(),
        action(rule.action()),
        errno(rule.errnoRet()),
        rule.args().stream()
            .map(
                arg ->
                    new SeccompProfile.Arg(
                        arg.index(),
                        arg.value(),
                        arg.valueTwo(),
                        SeccompProfile.Op.valueOf(arg.op().name().substring("SCMP_CMP_".length()))))
            .toList());
  }

  private static SeccompProfile.Action action(Seccomp.Action action) {
    return SeccompProfile.Action.valueOf(action.name().substring("SCMP_ACT_".length()));
  }

  private static int errno(@Nullable Integer given) {
    return given == null ? SeccompProfile.NO_ERRNO : given;
  }
}
