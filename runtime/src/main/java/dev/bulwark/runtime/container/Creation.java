package dev.bulwark.runtime.container;

import dev.bulwark.control.NetworkMode;
import dev.bulwark.control.PlatformChoice;
import dev.bulwark.control.Request;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.control.TraceSpec;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostNames;
import dev.bulwark.linux.HostPath;
import dev.bulwark.linux.HostPoll;
import dev.bulwark.linux.HostTerminal;
import dev.bulwark.linux.LocalSocket;
import dev.bulwark.runtime.Invocation;
import dev.bulwark.runtime.LaunchFailure;
import dev.bulwark.runtime.SandboxStart;
import dev.bulwark.runtime.SentryWall;
import dev.bulwark.runtime.Wall;
import dev.bulwark.runtime.json.ConfigException;
import dev.bulwark.runtime.keeper.Keeper;
import dev.bulwark.runtime.keeper.Plan;
import dev.bulwark.runtime.oci.Config;
import dev.bulwark.runtime.oci.Documents;
import dev.bulwark.runtime.oci.Namespace;
import dev.bulwark.runtime.oci.State;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a container: everything but the program's first instruction. When it fails nothing is left.
 */
final class Creation {
  private static final int ALL_STREAMS = 7;
  private static final int LONGEST_CONFIG = (8 << 20) + 1;
  private static final int LONGEST_REPORT = 4096;
  private static final int NEW_PID_FILE =
      HostPath.O_WRONLY | HostPath.O_CREAT | 01000 | HostPath.O_CLOEXEC;
  private static final int LONGEST_TABLE = 1 << 20;

  /** Which wall a container is to be behind. */
  private static final String WALL = "dev.bulwark.wall";

  private static final String KEEPER_LOG = "keeper.log";

  /** How long a sandbox may take to be put together, on a machine that is busy. */
  private static final int CREATE_MILLISECONDS = 60_000;

  /** SIGHUP to SIGTERM and the like: all that can be caught and does not come from a fault. */
  static final int[] FORWARDED = {
    1, 2, 3, 10, 12, 13, 14, 15, 16, 18, 23, 24, 25, 26, 27, 28, 29, 30
  };

  private final Settings settings;
  private final CreateOptions options;
  private byte @Nullable [] terminal;

  Creation(Settings settings, CreateOptions options) {
    this.settings = settings;
    this.options = options;
  }

  void create() throws ContainerException, HostException, LaunchFailure {
    String bundle = absolute(options.bundle());
    byte[] document = configDocument(bundle);
    Config config = parse(document);
    Wall wall = wall(config);
    checkConsole(config);
    wall.prepare(
        config.namespace(Namespace.Type.NETWORK) == null,
        settings.trace() != null,
        platform(config));
    String rootfs = config.root().path();
    if (!rootfs.startsWith("/")) {
      rootfs = bundle + "/" + rootfs;
    }
    MountTranslation files = MountTranslation.of(bundle, rootfs, config);
    StateDirectory directory = StateDirectory.create(settings.root(), options.id());
    directory.lock();
    try (directory) {
      Container container =
          Container.begin(
              directory,
              new ContainerRecord(
                  options.id(),
                  config.ociVersion(),
                  bundle,
                  rootfs,
                  wall.name(),
                  Instant.now().toString(),
                  HostProcess.NONE,
                  ContainerRecord.Phase.CREATING,
                  false,
                  List.of(),
                  config.annotations()));
      boolean made = false;
      try {
        directory.replace(Container.CONFIG, document);
        make(container, config, files, wall);
        made = true;
      } finally {
        if (!made) {
          restoreTerminal();
          new Deletion(container).destroy();
        }
      }
    } finally {
      files.close();
    }
  }

  private static byte[] configDocument(String bundle) throws ContainerException {
    try {
      return HostIo.contents(bundle + "/config.json", LONGEST_CONFIG);
    } catch (HostException failure) {
      throw new ContainerException(
          "the bundle " + bundle + " cannot be read: " + failure.getMessage());
    }
  }

  private static Config parse(byte[] document) throws ContainerException {
    try {
      return Documents.config(document);
    } catch (ConfigException wrong) {
      throw new ContainerException(wrong.getMessage());
    }
  }

  /** A container that asks for a wall is never put behind another one. */
  private Wall wall(Config config) throws ContainerException {
    String given = settings.wall();
    String asked = config.annotations().get(WALL);
    if (given != null && asked != null && !given.equals(asked)) {
      throw new ContainerException(
          "annotations."
              + WALL
              + ": the container asks for '"
              + asked
              + "', and the runtime was told --wall="
              + given
              + ": leave one of them out");
    }
    String name = asked != null ? asked : given != null ? given : SentryWall.NAME;
    Wall wall = Wall.named(name, settings.acceleration());
    if (wall == null) {
      throw new ContainerException(
          "annotations." + WALL + ": there is no wall '" + name + "': it is sentry or vm");
    }
    return wall;
  }

  private void checkConsole(Config config) throws ContainerException {
    if (config.process().terminal() && options.consoleSocket() == null && options.detached()) {
      throw new ContainerException(
          "cannot allocate tty if runc will detach without setting console socket: give"
              + " --console-socket, or set process.terminal to false");
    }
    if (!config.process().terminal() && options.consoleSocket() != null) {
      throw new ContainerException(
          "cannot use console socket if runc will not detach or allocate tty: process.terminal is"
              + " false in config.json");
    }
  }

  private void make(Container container, Config config, MountTranslation files, Wall wall)
      throws ContainerException, HostException, LaunchFailure {
    StateDirectory directory = container.directory();
    int listener = LocalSocket.listen(directory.shortPath(SentryClient.SOCKET));
    SandboxStart start = SandboxStart.begin();
    int[] report = HostIo.pipe();
    try (start;
        CgroupSetup cgroups = CgroupSetup.of(container, config, settings, wall)) {
      Plan plan = start.plan().reportTo(report[1]).forward(FORWARDED);
      directory.handLock(plan);
      cgroups.addTo(plan);
      NamespacePlan.addTo(plan, config);
      int[] stdio = stdio(config, plan, start);
      wall.addTo(
          start,
          spec(config, files),
          new SandboxStart.Files(stdio, traceFile(), listener),
          files.trees(),
          settings.logDirectory() == null ? directory.path("") : settings.logDirectory());
      int log = HostIo.open(directory.path(KEEPER_LOG), NEW_PID_FILE, 0600);
      int pid = start.launch(log);
      HostIo.close(log);
      container.keep(container.record().withKeeper(HostProcess.of(pid)));
    } finally {
      HostIo.close(report[1]);
      HostIo.close(listener);
    }
    awaitNamespaces(report[0], container);
    writePidFile(container.record().keeper().pid());
    hooks(container, config);
    if (!wall.reachesNetwork()) {
      checkNetwork(container);
    }
    try (SentryClient sentry = SentryClient.connect(directory)) {
      sentry.ask(new Request.AwaitCreated(), CREATE_MILLISECONDS);
    } catch (ContainerException failure) {
      throw explained(container, failure);
    }
    container.keep(container.record().in(ContainerRecord.Phase.CREATED));
  }

  private int[] stdio(Config config, Plan plan, SandboxStart start)
      throws ContainerException, HostException {
    String console = options.consoleSocket();
    if (console == null) {
      if (!config.process().terminal()) {
        return start.streams(0);
      }
      byte[] settings = HostTerminal.settings(0);
      if (settings == null) {
        throw new ContainerException(
            "process.terminal is set, but standard input is no terminal: give --console-socket, or"
                + " run the command from a terminal");
      }
      plan.restore(0, settings);
      terminal = settings;
      HostTerminal.makeRaw(0, settings);
      return start.streams(ALL_STREAMS);
    }
    int slave = Console.offer(console, config.process().consoleSize());
    plan.control("taking the console over", slave);
    return new int[] {slave, slave, slave};
  }

  /** The caller's own terminal, when nobody came to be who would restore it. */
  private void restoreTerminal() {
    byte[] settings = terminal;
    if (settings != null) {
      HostTerminal.restore(0, settings);
    }
  }

  /** The names that a new UTS namespace starts with, or those of the one that is joined. */
  private static HostNames.Names inherited(Config config) throws ContainerException {
    Namespace uts = config.namespace(Namespace.Type.UTS);
    try {
      return uts == null || uts.path().isEmpty() ? HostNames.own() : HostNames.of(uts.path());
    } catch (HostException failure) {
      throw new ContainerException(
          "linux.namespaces: the uts namespace cannot be joined: " + failure.getMessage());
    }
  }

  private SandboxSpec spec(Config config, MountTranslation files) throws ContainerException {
    HostNames.Names names = inherited(config);
    return new SandboxSpec(
        ProcessTranslation.of(config.process()),
        config.hostname().isEmpty() ? names.host() : config.hostname(),
        config.domainname().isEmpty() ? names.domain() : config.domainname(),
        MountTranslation.rootMode(config),
        files.mounts(),
        files.devices(),
        config.linux().maskedPaths(),
        config.linux().readonlyPaths(),
        config.linux().sysctl().entrySet().stream()
            .filter(entry -> !NamespacePlan.ofNetwork(entry.getKey()))
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .toList(),
        ResourceTranslation.of(config.linux().resources()),
        ResourceTranslation.of(config.linux().seccomp()),
        NetworkMode.HOST_STACK,
        "",
        settings.trace() == null ? TraceSpec.OFF : new TraceSpec(true, ""),
        Invocation.auxiliaryVector(),
        platform(config),
        patchAfter(config),
        true,
        settings.debug());
  }

  private PlatformChoice platform(Config config) throws ContainerException {
    PlatformChoice asked = settings.platform();
    String value = config.annotations().get("dev.bulwark.platform");
    try {
      PlatformChoice configured = value == null ? PlatformChoice.AUTO : PlatformChoice.of(value);
      return asked == null ? configured : asked;
    } catch (IllegalArgumentException wrong) {
      throw new ContainerException("the annotation dev.bulwark.platform " + wrong.getMessage());
    }
  }

  private static int patchAfter(Config config) throws ContainerException {
    String value = config.annotations().get("dev.bulwark.patch");
    if (value == null) {
      return SandboxSpec.PATCH_AFTER;
    }
    return switch (value) {
      case "true" -> SandboxSpec.PATCH_AFTER;
      case "false" -> 0;
      default ->
          throw new ContainerException(
              "the annotation dev.bulwark.patch is true or false, not '" + value + "'");
    };
  }

  private int traceFile() throws ContainerException {
    String path = settings.trace();
    if (path == null) {
      return Plan.NO_FD;
    }
    try {
      return HostIo.open(path, NEW_PID_FILE, 0600);
    } catch (HostException failure) {
      throw new ContainerException("the trace cannot be written: " + failure.getMessage());
    }
  }

  /** Waits until the keeper has taken all its steps. */
  private static void awaitNamespaces(int report, Container container)
      throws ContainerException, HostException {
    byte[] words = new byte[LONGEST_REPORT];
    int n;
    HostPoll poll = new HostPoll(report);
    try {
      n = poll.await(CREATE_MILLISECONDS) > 0 ? HostIo.receive(report, words) : -1;
    } finally {
      HostIo.close(report);
    }
    if (n > 0) {
      throw new ContainerException(
          Keeper.sentence(new String(words, 0, n, StandardCharsets.ISO_8859_1)));
    }
    if (n < 0 || !container.alive()) {
      throw explained(container, new ContainerException("the sandbox could not be started"));
    }
  }

  /** The last words of the keeper say more than that nobody answers. */
  private static ContainerException explained(Container container, ContainerException failure)
      throws HostException {
    byte[] log = container.directory().read(KEEPER_LOG);
    if (log == null || log.length == 0) {
      return failure;
    }
    String[] lines = new String(log, StandardCharsets.ISO_8859_1).strip().split("\n", -1);
    String last = lines[lines.length - 1];
    return new ContainerException(
        last.startsWith("bulwark: ") ? last.substring("bulwark: ".length()) : last);
  }

  /** A network that somebody has made ready would be missing inside. */
  private static void checkNetwork(Container container) throws ContainerException, HostException {
    String path = "/proc/" + container.record().keeper().pid() + "/net/dev";
    for (String line : HostIo.text(path, LONGEST_TABLE).split("\n", -1)) {
      int colon = line.indexOf(':');
      String name = colon < 0 ? "lo" : line.substring(0, colon).strip();
      if (!name.equals("lo")) {
        throw new ContainerException(
            "linux.namespaces: the network namespace has the interface "
                + name
                + ", which a virtual machine does not reach yet (docs/limitations.md): start the"
                + " container without a network ('docker run --network none'), or behind the sentry"
                + " wall");
      }
    }
  }

  private void writePidFile(int pid) throws HostException {
    PidFile.write(options.pidFile(), pid);
  }

  private static void hooks(Container container, Config config)
      throws ContainerException, HostException {
    HookRunner runner = new HookRunner(container.state(State.Status.CREATING));
    runner.run("prestart", config.hooks().prestart(), List.of());
    runner.run("createRuntime", config.hooks().createRuntime(), List.of());
    runner.run(
        "createContainer",
        config.hooks().createContainer(),
        List.of(
            "/usr/bin/nsenter",
            "--net=/proc/" + container.record().keeper().pid() + "/ns/net",
            "--"));
  }

  private static String absolute(String path) {
    return path.startsWith("/") ? path : Invocation.workingDirectory() + "/" + path;
  }

  /** What create and run are told. */
  record CreateOptions(
      String id,
      String bundle,
      @Nullable String consoleSocket,
      @Nullable String pidFile,
      boolean detached) {}
}
