package dev.bulwark.runtime.engine;

import dev.bulwark.runtime.json.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A container engine, and how its configuration names a runtime. */
public enum Engine {
  /** Docker: {@code runtimes.NAME.path} in JSON. */
  DOCKER("/etc/docker/daemon.json"),
  /** containerd's CRI plug-in: a table of {@code runtimes} in TOML. */
  CONTAINERD("/etc/containerd/config.toml"),
  /** podman: a list of paths in {@code [engine.runtimes]} in TOML. */
  PODMAN("/etc/containers/containers.conf");

  private final String file;

  Engine(String file) {
    this.file = file;
  }

  /** Where its configuration usually is. */
  public Path defaultFile() {
    return Path.of(file);
  }

  /**
   * A runtime that an engine can be told of.
   *
   * @param name letters, digits, {@code -} and {@code _}
   * @param binary its absolute path
   */
  public record Entry(String name, Path binary) {}

  /**
   * Makes runtimes known to the engine. Doing it twice changes nothing the second time.
   *
   * @param configuration the engine's file, which need not exist
   * @param runtimes at least one; the first one's name stands for all of them in the file
   * @param dryRun whether to leave the file as it is
   * @return whether the file had to be changed
   * @throws ConfigException when the file is not what it should be, or has another runtime of such
   *     a name
   */
  public boolean install(Path configuration, List<Entry> runtimes, boolean dryRun)
      throws ConfigException, IOException {
    for (Entry runtime : runtimes) {
      String path = runtime.binary().toString();
      if (!runtime.binary().isAbsolute()
          || path.chars().anyMatch(c -> c < ' ' || c == '"' || c == '\\')) {
        throw new ConfigException(
            "the runtime's path must be absolute and free of quotes and backslashes: " + path);
      }
      check(runtime.name());
    }
    ConfigFile file = ConfigFile.read(configuration);
    String changed =
        switch (this) {
          case DOCKER -> DockerConfig.with(file.title(), file.text(), runtimes);
          case CONTAINERD -> ContainerdConfig.with(file.title(), file.text(), runtimes);
          case PODMAN -> PodmanConfig.with(file.title(), file.text(), runtimes);
        };
    return file.replace(changed, dryRun);
  }

  /**
   * Takes runtimes out that {@link #install} made known together; others stay.
   *
   * @return whether the file had to be changed
   */
  public boolean uninstall(Path configuration, List<Entry> runtimes, boolean dryRun)
      throws ConfigException, IOException {
    for (Entry runtime : runtimes) {
      check(runtime.name());
    }
    ConfigFile file = ConfigFile.read(configuration);
    String text = file.text();
    if (text.isEmpty()) {
      return false;
    }
    String changed =
        switch (this) {
          case DOCKER -> DockerConfig.without(file.title(), text, runtimes);
          case CONTAINERD, PODMAN -> TomlBlock.without(text, runtimes.getFirst().name());
        };
    return file.replace(Objects.requireNonNull(changed), dryRun);
  }

  private static void check(String name) throws ConfigException {
    boolean good = !name.isEmpty() && name.length() <= 64;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      good &=
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '-'
              || c == '_';
    }
    if (!good || name.equals("runc")) {
      throw new ConfigException(
          "a runtime's name has letters, digits, - and _ only and is not runc: \"" + name + "\"");
    }
  }
}
