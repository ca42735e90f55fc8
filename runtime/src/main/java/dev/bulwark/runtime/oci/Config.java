package dev.bulwark.runtime.oci;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The document {@code config.json} of a bundle.
 *
 * @param ociVersion the version of the specification that it was written for, of major version 1
 * @param process the container's first process
 * @param root its root file system
 * @param hostname empty to inherit the host's
 * @param domainname empty to inherit the host's
 * @param mounts in the order in which they are to be made
 * @param hooks programs of the host and of the container to run along its life
 * @param annotations of the engine; free names and values
 * @param linux what only Linux has
 */
public record Config(
    String ociVersion,
    Process process,
    Root root,
    String hostname,
    String domainname,
    List<Mount> mounts,
    Hooks hooks,
    Map<String, String> annotations,
    Linux linux) {
  /**
   * The root file system.
   *
   * @param path absolute, or relative to the bundle; not empty
   * @param readonly whether the container may not write to it
   */
  public record Root(String path, boolean readonly) {}

  /**
   * The namespace of a kind, if the container is to have one.
   *
   * @return null when it is to stay in the runtime's
   */
  public @Nullable Namespace namespace(Namespace.Type type) {
    for (Namespace namespace : linux.namespaces()) {
      if (namespace.type() == type) {
        return namespace;
      }
    }
    return null;
  }
}
