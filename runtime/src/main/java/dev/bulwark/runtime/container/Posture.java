package dev.bulwark.runtime.container;

import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.runtime.Promises;
import java.io.File;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How the processes of a running sandbox are confined, measured: everything is read from the host's
 * /proc and compared with what SECURITY.md promises.
 */
public final class Posture {
  private static final List<String> CAPABILITY_SETS =
      List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb");

  /**
   * One thing that was measured.
   *
   * @param process whose it is, with its pid on the host
   * @param what it is
   * @param measured what was found
   * @param kept whether it is as strong as promised
   */
  public record Finding(String process, String what, String measured, boolean kept) {}

  private final List<Finding> findings = new ArrayList<>();

  private Posture() {}

  /** Measures the sandbox of a keeper. */
  static List<Finding> of(int keeper) {
    Posture posture = new Posture();
    List<Integer> servers = new SandboxProcesses(keeper).servers();
    if (servers.size() < 2) {
      posture.add("sandbox", "processes", servers.size() + " instead of Sentry and Gofer", false);
      return posture.findings;
    }
    posture.measure("Sentry " + servers.get(0), servers.get(0), Promises.SENTRY);
    posture.measure("Gofer " + servers.get(1), servers.get(1), Promises.GOFER);
    posture.stubs(servers.get(0));
    return posture.findings;
  }

  private void add(String process, String what, String measured, boolean kept) {
    findings.add(new Finding(process, what, measured, kept));
  }

  private void stubs(int sentry) {
    List<Integer> zygotes = new ArrayList<>();
    for (int stub : SandboxProcesses.children(sentry)) {
      Map<String, String> status = status("/proc/" + stub);
      if (status.isEmpty()) {
        continue; // it has ended
      }
      boolean zygote = status.getOrDefault("Seccomp", "").equals("0");
      if (zygote) {
        zygotes.add(stub);
      }
      measure(
          (zygote ? "zygote " : "stub ") + stub, stub, zygote ? Promises.ZYGOTE : Promises.STUB);
    }
    add(
        "sandbox",
        "stubs without a filter",
        zygotes.size() + " (the zygote, which runs no application)",
        zygotes.size() <= 1);
  }

  private void measure(String name, int pid, Promises.Promise promise) {
    String directory = "/proc/" + pid;
    Map<String, String> status = status(directory);
    String user = status.getOrDefault("Uid", "?").split("\t", -1)[0];
    add(name, "user of the host", user, promise.root() || !user.equals("0") && !user.equals("?"));
    for (String set : CAPABILITY_SETS) {
      String mask = status.getOrDefault(set, "?");
      add(name, set, mask, within(mask, promise.capabilities()));
    }
    add(
        name,
        "no_new_privs",
        onAllThreads(directory, "NoNewPrivs"),
        all(directory, "NoNewPrivs", "1"));
    if (promise.filter()) {
      add(name, "seccomp", onAllThreads(directory, "Seccomp"), all(directory, "Seccomp", "2"));
    }
    for (String namespace : promise.namespaces()) {
      String own = link(directory + "/ns/" + namespace);
      String host = link("/proc/self/ns/" + namespace);
      boolean apart = !own.isEmpty() && !own.equals(host);
      add(name, namespace + " namespace", apart ? "its own" : "the host's", apart);
    }
    add(name, "network", sameNetwork(directory), true);
    long mounts = SandboxProcesses.read(directory + "/mountinfo").lines().count();
    add(name, "mounts in sight", Long.toString(mounts), mounts == 1);
    String[] files = new File(directory + "/fd").list();
    add(
        name,
        "open descriptors",
        files == null ? "?" : Integer.toString(files.length),
        files != null);
  }

  private static String sameNetwork(String directory) {
    boolean host = link(directory + "/ns/net").equals(link("/proc/self/ns/net"));
    return host ? "the host's" : "not the host's";
  }

  private static boolean within(String mask, long promised) {
    try {
      return (Long.parseUnsignedLong(mask, 16) & ~promised) == 0;
    } catch (NumberFormatException unknown) {
      return false;
    }
  }

  private static boolean all(String directory, String field, String value) {
    String[] threads = new File(directory + "/task").list();
    if (threads == null || threads.length == 0) {
      return false;
    }
    for (String thread : threads) {
      Map<String, String> status = status(directory + "/task/" + thread);
      if (!status.isEmpty() && !status.getOrDefault(field, "").equals(value)) {
        return false;
      }
    }
    return true;
  }

  private static String onAllThreads(String directory, String field) {
    String[] threads = new File(directory + "/task").list();
    int count = threads == null ? 0 : threads.length;
    return status(directory).getOrDefault(field, "?") + " (of " + count + " threads)";
  }

  private static Map<String, String> status(String directory) {
    Map<String, String> fields = new HashMap<>();
    for (String line : SandboxProcesses.read(directory + "/status").split("\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return fields;
  }

  private static String link(String path) {
    try {
      return HostIo.readLink(path);
    } catch (HostException gone) {
      return "";
    }
  }
}
