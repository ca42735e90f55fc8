package dev.bulwark.runtime.engine;

import dev.bulwark.runtime.json.ConfigException;
import java.util.List;

/** containerd's config.toml, of versions 2 and 3. */
final class ContainerdConfig {
  private ContainerdConfig() {}

  static String with(String title, String text, List<Engine.Entry> ours) throws ConfigException {
    String block = ours.getFirst().name();
    String others = TomlBlock.without(text, block);
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
    StringBuilder tables = new StringBuilder();
    for (Engine.Entry runtime : ours) {
      String parent = "plugins.\"" + plugin + "\".containerd.runtimes.";
      String head = parent + runtime.name();
      if (TomlBlock.hasTable(base, head)
          || TomlBlock.hasTable(base, parent + "\"" + runtime.name() + "\"")) {
        throw TomlBlock.taken(title, runtime.name());
      }
      tables.append(
          """
          [%s]
            runtime_type = "io.containerd.runc.v2"
            [%s.options]
              BinaryName = "%s"
          """
              .formatted(head, head, runtime.binary()));
    }
    return TomlBlock.append(base, block, tables.toString());
  }
}
