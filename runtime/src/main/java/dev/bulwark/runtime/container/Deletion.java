package dev.bulwark.runtime.container;

import dev.bulwark.linux.HostException;
import dev.bulwark.runtime.oci.Config;
import dev.bulwark.runtime.oci.State;
import java.util.List;

/** Removes a container with everything that it left, whatever state it is in. */
final class Deletion {
  private static final int END_MILLISECONDS = 10_000;

  private final Container container;

  Deletion(Container container) {
    this.container = container;
  }

  /**
   * Ends all processes and removes cgroups and state. Hooks do not run.
   *
   * @throws ContainerException when processes do not end
   */
  void destroy() throws ContainerException, HostException {
    HostProcess keeper = container.record().keeper();
    keeper.signal(HostProcess.SIGKILL);
    CgroupSetup.remove(container);
    if (!keeper.awaitEnd(END_MILLISECONDS)) {
      throw new ContainerException(
          "process " + keeper.pid() + " of container " + container.id() + " does not end");
    }
    container.directory().remove();
  }

  /** The same, with the hooks that follow a container's end; their failures are only told. */
  void delete() throws ContainerException, HostException {
    State state = container.state(State.Status.STOPPED);
    List<dev.bulwark.runtime.oci.Hooks.Hook> hooks = List.of();
    try {
      Config config = container.config();
      hooks = config.hooks().poststop();
    } catch (ContainerException damaged) {
      System.err.println("bulwark: " + damaged.getMessage());
    }
    destroy();
    for (dev.bulwark.runtime.oci.Hooks.Hook hook : hooks) {
      try {
        new HookRunner(state).run("poststop", List.of(hook), List.of());
      } catch (ContainerException failed) {
        System.err.println("bulwark: " + failed.getMessage());
      }
    }
  }
}
