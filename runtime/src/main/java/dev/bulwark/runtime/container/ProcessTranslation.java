package dev.bulwark.runtime.container;

import dev.bulwark.control.CapabilitySets;
import dev.bulwark.control.ProcessSpec;
import dev.bulwark.control.RlimitSpec;
import dev.bulwark.control.UserSpec;
import dev.bulwark.runtime.Invocation;
import dev.bulwark.runtime.oci.Capabilities;
import dev.bulwark.runtime.oci.Process;

/** Says to a Sentry what a configuration says of a process. */
final class ProcessTranslation {
  private static final int ALL_STREAMS = 7;

  private ProcessTranslation() {}

  static ProcessSpec of(Process process) {
    Capabilities sets = process.capabilities();
    Capabilities given = sets == null ? Capabilities.NONE : sets;
    Integer umask = process.user().umask();
    Integer adjust = process.oomScoreAdj();
    return new ProcessSpec(
        process.args(),
        process.env(),
        process.cwd(),
        new UserSpec(
            "",
            process.user().uid(),
            process.user().gid(),
            process.user().additionalGids(),
            umask == null ? UserSpec.DEFAULT_UMASK : umask),
        new CapabilitySets(
            given.bounding(),
            given.effective(),
            given.inheritable(),
            given.permitted(),
            given.ambient()),
        process.rlimits().stream()
            .map(limit -> new RlimitSpec(limit.resource(), limit.soft(), limit.hard()))
            .toList(),
        process.noNewPrivileges(),
        adjust == null ? 0 : adjust,
        process.terminal() ? ALL_STREAMS : 0,
        Invocation.owners());
  }
}
