package dev.bulwark.runtime.container;

import dev.bulwark.control.Answer;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The processes of a sandbox on the host, below its keeper. The Sentry knows its stubs by the
 * numbers of its own pid namespace alone.
 */
public final class SandboxProcesses {
  private static final int MOST_BYTES = 1 << 20;
  private static final String NUMBERS = "NSpid:";

  private final int keeper;

  /** The processes below a keeper. */
  public SandboxProcesses(int keeper) {
    this.keeper = keeper;
  }

  /** The Sentry, and then the Gofer, as long as they live. */
  public List<Integer> servers() {
    return children(keeper);
  }

  /** The children of all threads of a process. */
  public static List<Integer> children(int pid) {
    List<Integer> children = new ArrayList<>();
    String tasks = "/proc/" + pid + "/task";
    for (String task : names(tasks)) {
      for (String child : read(tasks + "/" + task + "/children").strip().split(" ", -1)) {
        if (!child.isEmpty()) {
          children.add(Integer.parseInt(child));
        }
      }
    }
    return children;
  }

  /** What the Sentry tells, with the numbers that stubs have on the host; 0 for those not found. */
  List<Answer.ProcessInfo> onHost(List<Answer.ProcessInfo> inside) {
    Map<Integer, Integer> numbers = new HashMap<>();
    for (int server : servers()) {
      for (int stub : children(server)) {
        numbers.put(innermost(stub), stub);
      }
    }
    return inside.stream()
        .map(
            p ->
                new Answer.ProcessInfo(
                    p.pid(),
                    p.parent(),
                    numbers.getOrDefault(p.hostPid(), 0),
                    p.uid(),
                    p.threads(),
                    p.cpuNanos(),
                    p.command()))
        .toList();
  }

  private static int innermost(int pid) {
    for (String line : read("/proc/" + pid + "/status").split("\n", -1)) {
      if (line.startsWith(NUMBERS)) {
        return Integer.parseInt(line.substring(line.lastIndexOf('\t') + 1).strip());
      }
    }
    return -1;
  }

  private static String[] names(String directory) {
    String[] names = new java.io.File(directory).list();
    return names == null ? new String[0] : names;
  }

  /** A file of /proc, or nothing when its process has gone. */
  static String read(String path) {
    try {
      int fd = HostIo.open(path, 0, 0);
      try {
        return new String(HostIo.readFile(fd, MOST_BYTES), StandardCharsets.ISO_8859_1);
      } finally {
        HostIo.close(fd);
      }
    } catch (HostException gone) {
      return "";
    }
  }
}
