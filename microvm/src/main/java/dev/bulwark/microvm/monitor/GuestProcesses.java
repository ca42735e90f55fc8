package dev.bulwark.microvm.monitor;

import dev.bulwark.control.Answer;
import dev.bulwark.linux.Errno;
import dev.bulwark.microvm.agent.AgentConnection;
import dev.bulwark.microvm.agent.AgentException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads proc(5) of a guest for the processes of a control group. */
final class GuestProcesses {
  private static final int LONGEST_FILE = 64 << 10;
  private static final int MOST = 1000;
  private static final int LONGEST_NAME = 15;
  private static final long TICK_NANOS = 10_000_000;

  /** Places of utime and stime in stat, counted from the field behind the name. */
  private static final int USER_TICKS = 11;

  private final AgentConnection agent;
  private final String list;
  private final int hostPid;

  /**
   * The processes of a group.
   *
   * @param list path of its cgroup.procs
   * @param hostPid of the process of the host that executes them all
   */
  GuestProcesses(AgentConnection agent, String list, int hostPid) {
    this.agent = agent;
    this.list = list;
    this.hostPid = hostPid;
  }

  /** What they are; one that ends meanwhile is left out. */
  List<Answer.ProcessInfo> all() throws AgentException {
    Map<Integer, Map<String, String>> found = new HashMap<>();
    List<Integer> order = new ArrayList<>();
    for (String line : text(list).split("\n", -1)) {
      int pid = number(line);
      if (pid > 0 && order.size() < MOST) {
        found.put(pid, fields(text("/proc/" + pid + "/status")));
        order.add(pid);
      }
    }
    List<Answer.ProcessInfo> all = new ArrayList<>();
    for (int pid : order) {
      Map<String, String> status = found.getOrDefault(pid, Map.of());
      if (status.containsKey("NSpid")) {
        Map<String, String> parent =
            found.getOrDefault(number(status.getOrDefault("PPid", "")), Map.of());
        all.add(
            new Answer.ProcessInfo(
                inside(status),
                inside(parent),
                hostPid,
                number(first(status.getOrDefault("Uid", ""))),
                number(status.getOrDefault("Threads", "")),
                nanos(text("/proc/" + pid + "/stat")),
                name(status.getOrDefault("Name", ""))));
      }
    }
    return all;
  }

  /** Its number in the innermost namespace. */
  private static int inside(Map<String, String> status) {
    String numbers = status.getOrDefault("NSpid", "0");
    return number(numbers.substring(numbers.lastIndexOf('\t') + 1));
  }

  private static String first(String values) {
    return values.split("\t", -1)[0];
  }

  private static String name(String text) {
    String clean = text.replaceAll("[^ -~]", "?");
    return clean.substring(0, Math.min(clean.length(), LONGEST_NAME));
  }

  private static long nanos(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    if (fields.length <= USER_TICKS + 1) {
      return 0;
    }
    return (number(fields[USER_TICKS]) + (long) number(fields[USER_TICKS + 1])) * TICK_NANOS;
  }

  /** 0 for what is no number that a process can have. */
  private static int number(String text) {
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
  }

  private static Map<String, String> fields(String status) {
    Map<String, String> fields = new HashMap<>();
    for (String line : status.split("\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return fields;
  }

  private String text(String file) throws AgentException {
    try {
      return new String(agent.readFile(file, LONGEST_FILE), StandardCharsets.ISO_8859_1);
    } catch (AgentException failure) {
      if (failure.errno() == Errno.ENOENT || failure.errno() == Errno.ESRCH) {
        return "";
      }
      throw failure;
    }
  }
}
