package dev.bulwark.runtime.engine;

import dev.bulwark.runtime.json.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
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
   * Makes a runtime known to the engine. Doing it twice changes nothing the second time.
   *
   * @param configuration the engine's file, which need not exist
   * @param name of the runtime: letters, digits, {@code -} and {@code _}
   * @param binary its absolute path
   * @param dryRun whether to leave the file as it is
   * @return whether the file had to be changed
   * @throws ConfigException when the file is not what it should be, or has another runtime of that
   *     name
   */
  public boolean install(Path configuration, String name, Path binary, boolean dryRun)
      throws ConfigException, IOException {
    String path = binary.toString();
    if (!binary.isAbsolute() || path.chars().anyMatch(c -> c < ' ' || c == '"' || c == '\\')) {
      throw new ConfigException(
          "the runtime's path must be absolute and free of quotes and backslashes: " + path);
    }
    check(name);
    ConfigFile file = ConfigFile.read(configuration);
    String changed =
        switch (this) {
          case DOCKER -> DockerConfig.with(file.title(), file.text(), name, path);
          case CONTAINERD -> ContainerdConfig.with(file.title(), file.text(), name, path);
          case PODMAN -> PodmanConfig.with(file.title(), file.text(), name, path);
        };
    return file.replace(changed, dryRun);
  }

  /**
   * Takes a runtime out that {@link #install} made known; others stay.
   *
   * @return whether the file had to be changed
   */
  public boolean uninstall(Path configuration, String name, Path binary, boolean dryRun)
      throws ConfigException, IOException {
    check(name);
    ConfigFile file = ConfigFile.read(configuration);
    String text = file.text();
    if (text.isEmpty()) {
      return false;
    }
    String changed =
        switch (this) {
          case DOCKER -> DockerConfig.without(file.title(), text, name, binary.toString());
          case CONTAINERD, PODMAN -> TomlBlock.without(text, name);
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
