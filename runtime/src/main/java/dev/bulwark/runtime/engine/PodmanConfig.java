package dev.bulwark.runtime.engine;

import dev.bulwark.runtime.json.ConfigException;

/** podman's containers.conf. */
final class PodmanConfig {
  private static final String TABLE = "engine.runtimes";

  private PodmanConfig() {}

  static String with(String title, String text, String name, String binary) throws ConfigException {
    String base = TomlBlock.without(text, name);
    String line = name + " = [\"" + binary + "\"]\n";
    if (TomlBlock.hasKey(base, TABLE, name)) {
      throw TomlBlock.taken(title, name);
    }
    if (TomlBlock.hasTable(base, TABLE)) {
      return TomlBlock.insertAfter(base, TABLE, name, line);
    }
    return TomlBlock.append(base, name, "[" + TABLE + "]\n" + line);
  }
}
