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

  private NamespacePlan() {}

  /** Whether a parameter belongs to the network, which is the host's; others are the Sentry's. */
  static boolean ofNetwork(String sysctl) {
    return path(sysctl).startsWith("net/");
  }

  /** As sysctl(8): when a slash comes first, dots are parts of names, such as interfaces'. */
  private static String path(String sysctl) {
    int slash = sysctl.indexOf('/');
    int dot = sysctl.indexOf('.');
    return slash >= 0 && (dot < 0 || slash < dot) ? sysctl : sysctl.replace('.', '/');
  }

  /** Adds the steps of a configuration. */
  static void addTo(Plan plan, Config config) throws ContainerException {
    Namespace network = config.namespace(Namespace.Type.NETWORK);
    if (network == null) { // the host's own, as the configuration asks by not naming one
      for (String name : config.linux().sysctl().keySet()) {
        if (ofNetwork(name)) {
          throw new ContainerException(
              "linux.sysctl: "
                  + name
                  + " is the host's, because the container has no network namespace: leave it out,"
                  + " or add {\"type\": \"network\"} to linux.namespaces");
        }
      }
      return;
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
      if (ofNetwork(entry.getKey())) {
        plan.write(
            "setting linux.sysctl " + entry.getKey(),
            "/proc/sys/" + path(entry.getKey()),
            entry.getValue());
      }
    }
  }
}
