package dev.bulwark.runtime.engine;

import dev.bulwark.runtime.json.ConfigException;

/** containerd's config.toml, of versions 2 and 3. */
final class ContainerdConfig {
  private ContainerdConfig() {}

  static String with(String title, String text, String name, String binary) throws ConfigException {
    String others = TomlBlock.without(text, name);
    String base = others.isBlank() ? "version = 2\n" : others;
    String version = TomlBlock.topValue(base, "version");
    String plugin =
        switch (version) {
          case "2" -> "io.containerd.grpc.v1.cri";
          case "3" -> "io.containerd.cri.v1.runtime";
          default ->
              throw new ConfigException(
                  title
                      + ": version: must be 2 or 3, not \""
                      + version
                      + "\"; let 'containerd config migrate' write a newer one");
        };
    String head = "plugins.\"" + plugin + "\".containerd.runtimes." + name;
    boolean taken = TomlBlock.hasTable(base, head);
    taken |= TomlBlock.hasTable(base, head.replace("." + name, ".\"" + name + "\""));
    if (taken) {
      throw TomlBlock.taken(title, name);
    }
    return TomlBlock.append(
        base,
        name,
        """
        [%s]
          runtime_type = "io.containerd.runc.v2"
          [%s.options]
            BinaryName = "%s"
        """
            .formatted(head, head, binary));
  }
}
