package dev.bulwark.runtime.container;

import dev.bulwark.linux.HostException;
import dev.bulwark.runtime.keeper.Plan;
import dev.bulwark.runtime.oci.Config;

/** The control groups of the host that hold all processes of a container's sandbox. */
final class CgroupSetup {
  private CgroupSetup() {}

  static CgroupSetup of(Container container, Config config, Settings settings)
      throws ContainerException, HostException {
    return new CgroupSetup();
  }

  void addTo(Plan plan) throws HostException {}

  static void freeze(Container container) throws ContainerException, HostException {
    throw new ContainerException("no cgroups");
  }

  static void thaw(Container container) throws ContainerException, HostException {
    container.keep(container.record().paused(false));
  }

  static void remove(Container container) throws HostException {}
}
