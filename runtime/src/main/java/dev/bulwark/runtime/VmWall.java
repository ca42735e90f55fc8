package dev.bulwark.runtime;

import dev.bulwark.control.PlatformChoice;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostWait;
import dev.bulwark.linux.Spawn;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A virtual machine with a kernel of its own, and a monitor beside it. What it cannot do yet is in
 * docs/limitations.md.
 *
 * @param acceleration {@code auto}, {@code kvm} or {@code tcg}
 */
public record VmWall(String acceleration) implements Wall {
  /** Its word on the command line. */
  public static final String NAME = "vm";

  /** What the tools that make images, found by name, need of an environment. */
  static final List<String> TOOLS_ENVIRONMENT =
      List.of(
          "LC_ALL=C.UTF-8", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

  private static final String QEMU = "/usr/bin/qemu-system-x86_64";

  @Override
  public String name() {
    return NAME;
  }

  /**
   * The guest's kernel, the translations that QEMU keeps (64 MB), QEMU, the monitor's heap, and
   * what the host keeps for them.
   */
  @Override
  public long overheadBytes() {
    return 640L << 20;
  }

  @Override
  public boolean reachesNetwork() {
    return false;
  }

  @Override
  public boolean numbersProcesses() {
    return false;
  }

  @Override
  public void prepare(boolean hostNetwork, boolean traced, PlatformChoice platform)
      throws LaunchFailure {
    refuse(
        hostNetwork,
        "the host's own network ('--network host', or linux.namespaces without 'network')");
    refuse(traced, "--strace");
    refuse(platform != PlatformChoice.AUTO, "--platform");
    if (!new File(QEMU).canExecute()) {
      throw new LaunchFailure(
          "the vm wall needs "
              + QEMU
              + ", which is missing: run 'apt-get install --no-install-recommends qemu-system-x86'"
              + " as root");
    }
    Installation installation = Installation.current();
    if (!new File(installation.home() + "/guest/current").exists()) {
      buildImage(installation);
    }
  }

  private static void refuse(boolean asked, String what) throws LaunchFailure {
    if (asked) {
      throw new LaunchFailure(
          what
              + " is not possible behind the vm wall yet (docs/limitations.md): use the sentry wall");
    }
  }

  /** The first use takes a minute; what is being done goes to standard error. */
  private static void buildImage(Installation installation) throws LaunchFailure {
    try {
      int nothing = HostIo.open("/dev/null", 2, 0);
      int pid =
          Spawn.start(
              installation.java(),
              imageCommand(installation, List.of("ensure")),
              TOOLS_ENVIRONMENT,
              new int[] {nothing, 2, 2});
      HostIo.close(nothing);
      if (HostWait.exitCode(pid) != 0) {
        throw new LaunchFailure("there is no guest image; the reason is above");
      }
    } catch (HostException failure) {
      throw new LaunchFailure(failure.getMessage());
    }
  }

  /** The command line of what makes, lists and removes guest images. */
  static List<String> imageCommand(Installation installation, List<String> words) {
    List<String> arguments = new ArrayList<>(List.of(installation.home()));
    arguments.addAll(words);
    return installation.command(
        Installation.Role.MONITOR, "dev.bulwark.microvm.image.ImageCommand", arguments);
  }

  @Override
  public void addTo(
      SandboxStart start,
      SandboxSpec spec,
      SandboxStart.Files files,
      List<Tree> trees,
      @Nullable String logDirectory)
      throws HostException, LaunchFailure {
    refuse(trees.stream().anyMatch(Tree::sockets), "the annotation dev.bulwark.host-sockets");
    start.addMonitor(spec, files, trees, acceleration, logDirectory);
  }
}
