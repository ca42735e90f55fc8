package dev.bulwark.runtime.engine;

import dev.bulwark.runtime.json.ConfigException;
import java.util.List;

/** podman's containers.conf. */
final class PodmanConfig {
  private static final String TABLE = "engine.runtimes";

  private PodmanConfig() {}

  static String with(String title, String text, List<Engine.Entry> ours) throws ConfigException {
    String block = ours.getFirst().name();
    String base = TomlBlock.without(text, block);
    StringBuilder lines = new StringBuilder();
    for (Engine.Entry runtime : ours) {
      if (TomlBlock.hasKey(base, TABLE, runtime.name())) {
        throw TomlBlock.taken(title, runtime.name());
      }
      lines.append(runtime.name()).append(" = [\"").append(runtime.binary()).append("\"]\n");
    }
    if (TomlBlock.hasTable(base, TABLE)) {
      return TomlBlock.insertAfter(base, TABLE, block, lines.toString());
    }
    return TomlBlock.append(base, block, "[" + TABLE + "]\n" + lines);
  }
}
