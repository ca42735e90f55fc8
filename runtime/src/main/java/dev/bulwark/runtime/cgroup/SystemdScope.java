package dev.bulwark.runtime.cgroup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A transient scope of systemd, asked for by {@code busctl}: a library for D-Bus would cost every
 * command its start, for what happens twice in the life of a container.
 */
final class SystemdScope {
  private static final long PATIENCE_SECONDS = 10;
  private static final String[] MANAGER = {
    "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager"
  };

  private SystemdScope() {}

  /** Whether systemd is this host's first process. */
  static boolean running(CgroupTree tree) {
    return tree.exists("/run/systemd/system");
  }

  /** The command that puts a process into a new unit. */
  static List<String> start(CgroupPath path, String id, int pid) {
    List<String> command = call("StartTransientUnit", "ssa(sv)a(sa(sv))");
    boolean slice = path.unit().endsWith(".slice");
    command.addAll(List.of(path.unit(), "replace"));
    List<List<String>> properties = new ArrayList<>();
    properties.add(List.of("Description", "s", "Bulwark container " + id));
    properties.add(List.of("DefaultDependencies", "b", "false"));
    if (slice) {
      properties.add(List.of("Wants", "as", "1", path.slice()));
    } else {
      properties.add(List.of("Slice", "s", path.slice()));
      properties.add(List.of("Delegate", "b", "true"));
      properties.add(List.of("PIDs", "au", "1", Integer.toString(pid)));
    }
    command.add(Integer.toString(properties.size()));
    properties.forEach(command::addAll);
    command.add("0");
    return command;
  }

  /** The command that ends a unit. */
  static List<String> stop(String unit) {
    List<String> command = call("StopUnit", "ss");
    command.addAll(List.of(unit, "replace"));
    return command;
  }

  /** The command that forgets that a unit failed. */
  static List<String> reset(String unit) {
    List<String> command = call("ResetFailedUnit", "s");
    command.add(unit);
    return command;
  }

  /**
   * Runs one of the commands.
   *
   * @throws CgroupException with what it said when it failed
   */
  static void run(List<String> command) throws CgroupException {
    String what = "asking systemd for " + command.get(5) + ": ";
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
      java.lang.Process process = builder.start();
      boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly();
        throw new CgroupException(what + "no answer within " + PATIENCE_SECONDS + " seconds");
      }
      byte[] said = process.getInputStream().readNBytes(1000);
      if (process.exitValue() != 0) {
        throw new CgroupException(what + new String(said, StandardCharsets.ISO_8859_1).strip());
      }
    } catch (IOException e) {
      throw new CgroupException(what + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CgroupException(what + "interrupted");
    }
  }

  private static List<String> call(String method, String signature) {
    List<String> command = new ArrayList<>(List.of("busctl", "call"));
    command.addAll(List.of(MANAGER));
    command.add(method);
    command.add(signature);
    return command;
  }
}
