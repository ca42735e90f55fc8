package dev.bulwark.runtime.oci;

import dev.bulwark.runtime.json.ConfigException;
import java.util.List;
import java.util.Set;

/** Which namespaces a sandbox can be in, and which user numbers it can have. */
final class NamespaceSupport {
  private static final Set<Namespace.Type> NEEDED =
      Set.of(Namespace.Type.PID, Namespace.Type.MOUNT, Namespace.Type.IPC);
  private static final Set<Namespace.Type> JOINED =
      Set.of(Namespace.Type.NETWORK, Namespace.Type.UTS);

  private NamespaceSupport() {}

  static void check(Config config) throws ConfigException {
    for (Namespace.Type type : Namespace.Type.values()) {
      Namespace namespace = config.namespace(type);
      if (namespace == null && NEEDED.contains(type)) {
        throw Support.refuse(
            "linux.namespaces", "linux.namespaces without " + type.word(), "config.json");
      }
      if (namespace != null && !namespace.path().isEmpty() && !JOINED.contains(type)) {
        throw Support.refuse(
            "linux.namespaces: path of " + type.word(), "linux.namespaces[].path", "config.json");
      }
    }
    check(config.linux().uidMappings(), "linux.uidMappings");
    check(config.linux().gidMappings(), "linux.gidMappings");
  }

  private static void check(List<IdMapping> mappings, String field) throws ConfigException {
    for (IdMapping mapping : mappings) {
      if (mapping.containerId() != mapping.hostId()) {
        throw Support.refuse(field, field + "=other numbers", "config.json");
      }
    }
  }
}
