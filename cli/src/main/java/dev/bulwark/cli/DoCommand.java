package dev.bulwark.cli;

import dev.bulwark.control.CapabilitySets;
import dev.bulwark.control.NetworkMode;
import dev.bulwark.control.ProcessSpec;
import dev.bulwark.control.ResourceLimits;
import dev.bulwark.control.RootMode;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.control.TraceSpec;
import dev.bulwark.control.UserSpec;
import dev.bulwark.runtime.Defaults;
import dev.bulwark.runtime.Invocation;
import dev.bulwark.runtime.LaunchFailure;
import dev.bulwark.runtime.LaunchRequest;
import dev.bulwark.runtime.Launcher;
import dev.bulwark.runtime.SentryWall;
import dev.bulwark.runtime.Wall;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code bulwark do}: a command in a sandbox over a root file system of this host. */
final class DoCommand implements Command {
  private static final String DEFAULT_PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  @Override
  public String name() {
    return "do";
  }

  @Override
  public String summary() {
    return "run a command in a sandbox over a root file system of this host";
  }

  @Override
  public String operands() {
    return "[--] COMMAND [ARGUMENT]...";
  }

  @Override
  public String description() {
    return """
        The root file system is this host's, read-only underneath; what the sandbox writes is kept in its
        memory. The exit code is the command's, 128 and the signal's number when a signal killed it, 127
        when there is no such command, 126 when it cannot be executed, 125 when Bulwark failed, and 2 for
        options that make no sense.
        """;
  }

  @Override
  public Options options() {
    return new Options()
        .value("root", null, "DIR", "the root file system; default /")
        .flag("rw", null, "let writes through to the root file system")
        .flag("read-only", null, "refuse writes to the root file system")
        .value("cwd", "w", "DIR", "the working directory inside; default this one, / with --root")
        .value("env", "e", "NAME[=VALUE]", "set a variable, or copy it; may be repeated")
        .value("user", "u", "USER[:GROUP]", "names or numbers inside; default root")
        .value("hostname", null, "NAME", "the host name inside; default bulwark")
        .value("memory", "m", "SIZE", "limit of all its memory: bytes, or with k, m, g")
        .value("network", null, "MODE", "its network: none, the default, or host, this machine's")
        .value("wall", null, "WALL", "sentry, the default, or vm: a virtual machine of its own")
        .value("accel", null, "HOW", "of a virtual machine: auto, the default, kvm or tcg")
        .value(
            "platform", null, "NAME", "how calls are caught: auto, the default, systrap or ptrace")
        .optionalValue("strace", "FILE", "print every system call, to standard error or a file")
        .value("strace-filter", null, "EXPR", "print only these: open,read or %file or !futex")
        .value(
            "patch-after", null, "N", "change a call in a program's text when it was made N times")
        .flag("no-patch", null, "never do so: slower")
        .value("debug-log", null, "DIR", "keep the logs of all processes in a directory");
  }

  @Override
  public int run(Call call) throws UsageException, LaunchFailure {
    return Launcher.run(request(call.given()));
  }

  /**
   * What the options and operands ask for.
   *
   * @throws UsageException when they make no sense
   */
  static LaunchRequest request(Options.Parsed given) throws UsageException {
    if (given.operands().isEmpty()) {
      throw new UsageException("no command was given: bulwark do -- COMMAND");
    }
    int terminals = Invocation.terminals();
    String hostname = given.last("hostname").orElse("bulwark");
    if (hostname.isEmpty() || hostname.length() > 64) {
      throw new UsageException("--hostname takes 1 to 64 characters");
    }
    ProcessSpec process =
        new ProcessSpec(
            given.operands(),
            environment(given.all("env"), hostname, terminals != 0),
            workingDirectory(given),
            UserSpec.named(given.last("user").orElse("")),
            CapabilitySets.of(Defaults.CAPABILITIES),
            List.of(),
            false,
            0,
            terminals,
            Invocation.owners());
    SandboxSpec spec =
        new SandboxSpec(
            process,
            hostname,
            "",
            rootMode(given),
            Defaults.MOUNTS,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            new ResourceLimits(
                given.has("memory") ? bytes(given.last("memory").orElse("")) : 0,
                0,
                0,
                0,
                0,
                "",
                0),
            null,
            NetworkMode.HOST_STACK,
            terminals == 0 ? "" : Invocation.terminalSettings(),
            new TraceSpec(
                given.has("strace") || given.has("strace-filter"),
                given.last("strace-filter").orElse("")),
            Invocation.auxiliaryVector(),
            Globals.platform(given),
            patchAfter(given),
            false,
            given.has("debug-log"));
    return new LaunchRequest(
        wall(given.last("wall").orElse(SentryWall.NAME), acceleration(given)),
        spec,
        hostNetwork(given.last("network").orElse("none")),
        given.last("root").orElse("/"),
        given.last("strace").filter(file -> !file.isEmpty()).orElse(null),
        given.last("debug-log").orElse(null));
  }

  private static int patchAfter(Options.Parsed given) throws UsageException {
    if (given.has("no-patch")) {
      return 0;
    }
    String wanted = given.last("patch-after").orElse("");
    if (wanted.isEmpty()) {
      return SandboxSpec.PATCH_AFTER;
    }
    if (!wanted.matches("[0-9]{1,9}") || wanted.equals("0")) {
      throw new UsageException("--patch-after takes a number of calls, not '" + wanted + "'");
    }
    return Integer.parseInt(wanted);
  }

  /** The value of {@code --accel}. */
  static String acceleration(Options.Parsed given) throws UsageException {
    String acceleration = given.last("accel").orElse("auto");
    if (!List.of("auto", "kvm", "tcg").contains(acceleration)) {
      throw new UsageException("--accel takes auto, kvm or tcg, not '" + acceleration + "'");
    }
    return acceleration;
  }

  /** The wall of a name. */
  static Wall wall(String name, String acceleration) throws UsageException {
    Wall wall = Wall.named(name, acceleration);
    if (wall == null) {
      throw new UsageException("--wall takes sentry or vm, not '" + name + "'");
    }
    return wall;
  }

  /** Without it a sandbox has a network of its own, with a loopback interface alone. */
  private static boolean hostNetwork(String name) throws UsageException {
    return switch (name) {
      case "none" -> false;
      case "host" -> true;
      default -> throw new UsageException("--network takes none or host, not '" + name + "'");
    };
  }

  private static RootMode rootMode(Options.Parsed given) throws UsageException {
    if (given.has("rw") && given.has("read-only")) {
      throw new UsageException("--rw and --read-only exclude each other");
    }
    if (given.has("rw")) {
      return RootMode.WRITE_THROUGH;
    }
    return given.has("read-only") ? RootMode.READ_ONLY : RootMode.OVERLAY;
  }

  private static String workingDirectory(Options.Parsed given) throws UsageException {
    String fallback = given.has("root") ? "/" : Invocation.workingDirectory();
    String directory = given.last("cwd").orElse(fallback);
    if (!directory.startsWith("/")) {
      throw new UsageException("--cwd takes an absolute path, not '" + directory + "'");
    }
    return directory;
  }

  /** The variables a container gets by default (docker run), and those of the options. */
  private static List<String> environment(List<String> asked, String hostname, boolean terminal)
      throws UsageException {
    List<String> environment = new ArrayList<>();
    environment.add(DEFAULT_PATH);
    environment.add("HOSTNAME=" + hostname);
    if (terminal) {
      environment.add("TERM=" + Invocation.environment("TERM").orElse("xterm"));
    }
    for (String entry : asked) {
      int equals = entry.indexOf('=');
      if (equals == 0 || entry.isEmpty()) {
        throw new UsageException("--env takes NAME=VALUE, not '" + entry + "'");
      }
      String name = equals < 0 ? entry : entry.substring(0, equals);
      environment.removeIf(old -> old.startsWith(name + "="));
      if (equals < 0) {
        Invocation.environment(name).ifPresent(value -> environment.add(name + "=" + value));
      } else {
        environment.add(entry);
      }
    }
    return environment;
  }

  /** A size with an optional unit of 1024, as docker run takes it. */
  static long bytes(String size) throws UsageException {
    String lower = size.toLowerCase(Locale.ROOT);
    String digits = lower.replaceFirst("[kmg]?b?$", "");
    int shift = 0;
    if (digits.length() < lower.length()) {
      shift =
          switch (lower.charAt(digits.length())) {
            case 'k' -> 10;
            case 'm' -> 20;
            case 'g' -> 30;
            default -> 0;
          };
    }
    try {
      long number = Long.parseLong(digits);
      if (number > 0 && number <= Long.MAX_VALUE >> shift) {
        return number << shift;
      }
    } catch (NumberFormatException notANumber) {
      throw new UsageException("--memory takes a size such as 512m, not '" + size + "'");
    }
    throw new UsageException("--memory takes a size such as 512m, not '" + size + "'");
  }
}
