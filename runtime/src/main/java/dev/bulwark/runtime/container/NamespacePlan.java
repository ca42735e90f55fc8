package dev.bulwark.runtime.container;

import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.runtime.keeper.Plan;
import dev.bulwark.runtime.oci.Config;
import dev.bulwark.runtime.oci.Namespace;
import java.util.Map;

/**
 * The namespaces of the host that a sandbox lives in. What a container sees of most of them is the
 * Sentry's own making; only the network is the host's.
 */
final class NamespacePlan {
  private static final long CLONE_NEWNET = 0x40000000L;
  private static final String NETWORK_SYSCTL = "net.";

  private NamespacePlan() {}

  /** Adds the steps of a configuration. */
  static void addTo(Plan plan, Config config) throws ContainerException {
    Namespace network = config.namespace(Namespace.Type.NETWORK);
    if (network == null) {
      return; // the host's own, as the configuration asks by not naming one
    }
    if (network.path().isEmpty()) {
      plan.unshare("making a network namespace", CLONE_NEWNET).loopback();
    } else {
      try {
        plan.join(
            "joining the network namespace " + network.path(),
            HostIo.open(network.path(), 0, 0),
            CLONE_NEWNET);
      } catch (HostException failure) {
        throw new ContainerException(
            "linux.namespaces: the network namespace cannot be joined: " + failure.getMessage());
      }
    }
    for (Map.Entry<String, String> entry : config.linux().sysctl().entrySet()) {
      if (entry.getKey().startsWith(NETWORK_SYSCTL)) {
        plan.write(
            "setting linux.sysctl " + entry.getKey(),
            "/proc/sys/" + entry.getKey().replace('.', '/'),
            entry.getValue());
      }
    }
  }
}
