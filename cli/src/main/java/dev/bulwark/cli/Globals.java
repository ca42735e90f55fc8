package dev.bulwark.cli;

import dev.bulwark.control.PlatformChoice;
import dev.bulwark.runtime.container.Containers;
import dev.bulwark.runtime.container.Settings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options before the command's name, which engines give to every command (runc's).
 *
 * @param root where the state of containers is kept
 * @param log a file that takes errors; null for none
 * @param jsonLog whether a line of it is a JSON object
 * @param debug whether to say more
 * @param systemdCgroup whether systemd makes cgroups
 * @param wall what containers are behind; null for the sentry wall, or what their annotations say
 * @param acceleration of virtual machines
 * @param debugLog where sandboxes keep their logs; null for the state directory
 * @param strace a file that takes every system call of containers; null for none
 * @param platform how their calls are caught; null for what their configuration says
 */
record Globals(
    String root,
    @Nullable String log,
    boolean jsonLog,
    boolean debug,
    boolean systemdCgroup,
    @Nullable String wall,
    String acceleration,
    @Nullable String debugLog,
    @Nullable String strace,
    @Nullable PlatformChoice platform) {
  private static final String DEFAULT_ROOT = "/run/bulwark";

  static Options options() {
    return new Options()
        .value("root", null, "DIR", "where the state of containers is kept; default /run/bulwark")
        .value("log", null, "FILE", "a file that takes errors, besides standard error")
        .value("log-format", null, "FORMAT", "of that file: text (the default) or json")
        .flag("debug", null, "let sandboxes log what they do")
        .flag("systemd-cgroup", null, "take cgroup paths as slice:prefix:name, for systemd to make")
        .value("rootless", null, "BOOL", "refused: true; the runtime needs root")
        .value("wall", null, "WALL", "of containers: sentry, the default, or vm")
        .value("accel", null, "HOW", "of virtual machines: auto, the default, kvm or tcg")
        .value("debug-log", null, "DIR", "keep the logs of sandboxes in a directory")
        .value("strace", null, "FILE", "print every system call of containers to a file")
        .value("platform", null, "NAME", "how calls are caught: auto, systrap or ptrace")
        .flag("help", "h", "print this help")
        .flag("version", "v", "print the version");
  }

  static Globals of(Options.Parsed given) throws UsageException {
    String format = given.last("log-format").orElse("text");
    if (!format.equals("text") && !format.equals("json")) {
      throw new UsageException("--log-format takes text or json, not '" + format + "'");
    }
    String rootless = given.last("rootless").orElse("auto");
    if (!List.of("auto", "false").contains(rootless)) {
      throw new UsageException(
          "--rootless " + rootless + " is refused: the runtime needs root; run it as root");
    }
    String wall = given.last("wall").orElse(null);
    String acceleration = DoCommand.acceleration(given);
    if (wall != null) {
      DoCommand.wall(wall, acceleration);
    }
    return new Globals(
        given.last("root").orElse(DEFAULT_ROOT),
        given.last("log").orElse(null),
        format.equals("json"),
        given.has("debug"),
        given.has("systemd-cgroup"),
        wall,
        acceleration,
        given.last("debug-log").orElse(null),
        given.last("strace").orElse(null),
        given.has("platform") ? platform(given) : null);
  }

  /**
   * The platform that an option asks for, {@code auto} when none does.
   *
   * @throws UsageException when there is no such platform
   */
  static PlatformChoice platform(Options.Parsed given) throws UsageException {
    try {
      return PlatformChoice.of(given.last("platform").orElse(PlatformChoice.AUTO.word()));
    } catch (IllegalArgumentException wrong) {
      throw new UsageException("--platform " + wrong.getMessage());
    }
  }

  /** The same with the platform that an option of the command asks for, if it does. */
  Globals with(Options.Parsed given) throws UsageException {
    return given.has("platform")
        ? new Globals(
            root,
            log,
            jsonLog,
            debug,
            systemdCgroup,
            wall,
            acceleration,
            debugLog,
            strace,
            platform(given))
        : this;
  }

  /** The containers below the state root. */
  Containers containers() {
    return new Containers(
        new Settings(root, systemdCgroup, debug, wall, acceleration, debugLog, strace, platform));
  }
}
