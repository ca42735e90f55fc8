package dev.bulwark.cli;

import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.runtime.LaunchFailure;
import dev.bulwark.runtime.Launcher;
import dev.bulwark.runtime.container.ContainerException;
import dev.bulwark.runtime.engine.Engine;
import dev.bulwark.runtime.json.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code install} and {@code uninstall}. */
final class InstallCommand implements Command {
  private static final String DEFAULT_NAME = "bulwark";

  /** What the name and the program of the vm wall have besides. */
  private static final String OF_MACHINES = "-vm";

  private static final List<String> BINARY_DIRECTORIES =
      List.of("/usr/local/sbin/", "/usr/local/bin/", "/usr/sbin/", "/usr/bin/");

  private final boolean install;

  InstallCommand(boolean install) {
    this.install = install;
  }

  @Override
  public String name() {
    return install ? "install" : "uninstall";
  }

  @Override
  public String summary() {
    return install
        ? "make the runtime known to the container engines of this host"
        : "take the runtime out of the configuration of container engines";
  }

  @Override
  public String operands() {
    return "";
  }

  @Override
  public String description() {
    return """
        Two runtimes become known: bulwark, and bulwark-vm, which puts each container into a virtual
        machine. What stands in the engines' files is kept. An engine reads its file when it is started again;
        Docker takes new runtimes on SIGHUP as well.
        """;
  }

  @Override
  public Options options() {
    return new Options()
        .value("runtime", null, "NAME", "what engines call it; default bulwark; and NAME-vm")
        .value("engine", null, "ENGINE", "docker, containerd or podman; default all that are here")
        .value("config", null, "FILE", "the file of the one engine, if it is not the usual one")
        .flag("dry-run", "n", "say what would change, and change nothing");
  }

  @Override
  public int run(Call call)
      throws UsageException, ContainerException, HostException, LaunchFailure {
    Options.Parsed given = call.given();
    if (!given.operands().isEmpty()) {
      throw new UsageException(
          "there is one operand too many: '" + given.operands().getFirst() + "'");
    }
    List<Engine> engines = engines(given);
    String file = given.last("config").orElse(null);
    if (file != null && engines.size() != 1) {
      throw new UsageException("--config goes with one --engine");
    }
    String name = given.last("runtime").orElse(DEFAULT_NAME);
    Path binary = Path.of(Launcher.script());
    List<Engine.Entry> runtimes =
        List.of(
            new Engine.Entry(name, binary),
            new Engine.Entry(
                name + OF_MACHINES, binary.resolveSibling(binary.getFileName() + OF_MACHINES)));
    for (Engine engine : engines) {
      Path configuration = file == null ? engine.defaultFile() : Path.of(file);
      try {
        boolean dry = given.has("dry-run");
        boolean changed =
            install
                ? engine.install(configuration, runtimes, dry)
                : engine.uninstall(configuration, runtimes, dry);
        String outcome = dry ? " would change" : " changed";
        call.out()
            .println(
                engine.name().toLowerCase(Locale.ROOT)
                    + ": "
                    + configuration
                    + (changed ? outcome : " needs no change"));
      } catch (ConfigException | IOException failure) {
        throw new ContainerException(configuration + ": " + failure.getMessage());
      }
    }
    return 0;
  }

  private static List<Engine> engines(Options.Parsed given)
      throws UsageException, ContainerException {
    List<Engine> engines = new ArrayList<>();
    for (String name : given.all("engine")) {
      try {
        engines.add(Engine.valueOf(name.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException unknown) {
        throw new UsageException("--engine takes docker, containerd or podman, not '" + name + "'");
      }
    }
    if (!engines.isEmpty()) {
      return engines;
    }
    addIfHere(engines, Engine.DOCKER, "dockerd");
    addIfHere(engines, Engine.CONTAINERD, "containerd");
    addIfHere(engines, Engine.PODMAN, "podman");
    if (engines.isEmpty()) {
      throw new ContainerException(
          "there is no container engine on this host: install docker.io, containerd or podman, or"
              + " name one with --engine");
    }
    return engines;
  }

  private static void addIfHere(List<Engine> engines, Engine engine, String program) {
    if (BINARY_DIRECTORIES.stream().anyMatch(directory -> exists(directory + program))) {
      engines.add(engine);
    }
  }

  private static boolean exists(String path) {
    try {
      HostIo.close(HostIo.open(path, 0, 0));
      return true;
    } catch (HostException absent) {
      return false;
    }
  }
}
