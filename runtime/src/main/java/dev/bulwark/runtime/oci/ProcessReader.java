package dev.bulwark.runtime.oci;

import dev.bulwark.runtime.json.ConfigException;
import dev.bulwark.runtime.json.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a process. */
final class ProcessReader {
  /** The greatest user or group number; -1 means none in the kernel's calls. */
  static final long MAX_ID = 0xffff_fffeL;

  /** Resources by number, as in setrlimit(2). */
  private static final List<String> RLIMITS =
      List.of(
          ("RLIMIT_CPU RLIMIT_FSIZE RLIMIT_DATA RLIMIT_STACK RLIMIT_CORE RLIMIT_RSS RLIMIT_NPROC"
                  + " RLIMIT_NOFILE RLIMIT_MEMLOCK RLIMIT_AS RLIMIT_LOCKS RLIMIT_SIGPENDING"
                  + " RLIMIT_MSGQUEUE RLIMIT_NICE RLIMIT_RTPRIO RLIMIT_RTTIME")
              .split(" ", -1));

  private static final List<String> POLICIES =
      List.of(
          "SCHED_OTHER",
          "SCHED_FIFO",
          "SCHED_RR",
          "SCHED_BATCH",
          "SCHED_ISO",
          "SCHED_IDLE",
          "SCHED_DEADLINE");

  private static final List<String> SCHEDULER_FLAGS =
      List.of(
          "SCHED_FLAG_RESET_ON_FORK",
          "SCHED_FLAG_RECLAIM",
          "SCHED_FLAG_DL_OVERRUN",
          "SCHED_FLAG_KEEP_POLICY",
          "SCHED_FLAG_KEEP_PARAMS",
          "SCHED_FLAG_UTIL_CLAMP_MIN",
          "SCHED_FLAG_UTIL_CLAMP_MAX");

  private static final List<String> IO_CLASSES =
      List.of("IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE");

  private ProcessReader() {}

  static Process read(Field field) throws ConfigException {
    Field args = field.require("args");
    List<String> words = args.texts();
    if (words.isEmpty()) {
      throw args.refuse("is empty; it must name the program to run");
    }
    Field affinity = field.get("execCPUAffinity").present() ? field.get("execCPUAffinity") : null;
    if (affinity != null) {
      affinity.get("initial").textOrEmpty();
      affinity.get("final").textOrEmpty();
    }
    return new Process(
        field.get("terminal").flag(),
        consoleSize(field.get("consoleSize")),
        user(field.get("user")),
        words,
        environment(field.get("env")),
        field.require("cwd").absolutePath(),
        capabilities(field.get("capabilities")),
        rlimits(field.get("rlimits")),
        field.get("noNewPrivileges").flag(),
        field.get("apparmorProfile").textOrEmpty(),
        field.get("selinuxLabel").textOrEmpty(),
        field.get("oomScoreAdj").intOrNull(-1000, 1000),
        scheduler(field.get("scheduler")),
        ioPriority(field.get("ioPriority")));
  }

  static List<String> environment(Field field) throws ConfigException {
    List<String> variables = field.texts();
    for (int i = 0; i < variables.size(); i++) {
      if (variables.get(i).indexOf('=') <= 0) {
        throw field
            .elements()
            .get(i)
            .refuse("must have the form NAME=value, not " + Field.quote(variables.get(i)));
      }
    }
    return variables;
  }

  private static Process.@Nullable ConsoleSize consoleSize(Field field) throws ConfigException {
    if (!field.present()) {
      return null;
    }
    return new Process.ConsoleSize(
        (int) field.require("height").integer(0, 65535),
        (int) field.require("width").integer(0, 65535));
  }

  private static Process.User user(Field field) throws ConfigException {
    List<Integer> groups = new ArrayList<>();
    for (Field group : field.get("additionalGids").elements()) {
      groups.add((int) group.integer(0, MAX_ID));
    }
    field.get("username").textOrEmpty();
    return new Process.User(
        (int) field.get("uid").integer(0, MAX_ID, 0),
        (int) field.get("gid").integer(0, MAX_ID, 0),
        field.get("umask").intOrNull(0, 0777),
        List.copyOf(groups));
  }

  private static @Nullable Capabilities capabilities(Field field) throws ConfigException {
    if (!field.present()) {
      return null;
    }
    return new Capabilities(
        set(field.get("bounding")),
        set(field.get("effective")),
        set(field.get("inheritable")),
        set(field.get("permitted")),
        set(field.get("ambient")));
  }

  private static long set(Field field) throws ConfigException {
    long set = 0;
    for (Field element : field.elements()) {
      String name = element.text();
      int number = Capabilities.number(name);
      if (number < 0) {
        throw element.refuse(
            "must be the name of a capability, such as CAP_CHOWN, not " + Field.quote(name));
      }
      set |= 1L << number;
    }
    return set;
  }

  private static List<Process.Rlimit> rlimits(Field field) throws ConfigException {
    List<Process.Rlimit> limits = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Field element : field.elements()) {
      Field type = element.require("type");
      String name = type.text();
      int resource = RLIMITS.indexOf(name);
      if (resource < 0) {
        throw type.refuse(
            "must be the name of a limit, such as RLIMIT_NOFILE, not " + Field.quote(name));
      }
      if (!seen.add(name)) {
        throw type.refuse("names " + name + ", which an earlier entry sets already");
      }
      Field soft = element.require("soft");
      long hard = element.require("hard").unsigned();
      if (Long.compareUnsigned(soft.unsigned(), hard) > 0) {
        throw soft.refuse("is greater than the hard limit");
      }
      limits.add(new Process.Rlimit(resource, name, hard, soft.unsigned()));
    }
    return List.copyOf(limits);
  }

  private static Process.@Nullable Scheduler scheduler(Field field) throws ConfigException {
    if (!field.present()) {
      return null;
    }
    List<String> flags = new ArrayList<>();
    for (Field flag : field.get("flags").elements()) {
      flags.add(oneOf(flag, SCHEDULER_FLAGS));
    }
    Long runtime = field.get("runtime").unsignedOrNull();
    Long deadline = field.get("deadline").unsignedOrNull();
    Long period = field.get("period").unsignedOrNull();
    return new Process.Scheduler(
        oneOf(field.require("policy"), POLICIES),
        (int) field.get("nice").integer(-20, 19, 0),
        (int) field.get("priority").integer(0, 99, 0),
        List.copyOf(flags),
        runtime == null ? 0 : runtime,
        deadline == null ? 0 : deadline,
        period == null ? 0 : period);
  }

  private static Process.@Nullable IoPriority ioPriority(Field field) throws ConfigException {
    if (!field.present()) {
      return null;
    }
    return new Process.IoPriority(
        oneOf(field.require("class"), IO_CLASSES), (int) field.get("priority").integer(0, 7, 0));
  }

  /** A string that must be one of a list. */
  static String oneOf(Field field, List<String> words) throws ConfigException {
    String word = field.text();
    if (!words.contains(word)) {
      throw field.refuse(
          "must be one of " + String.join(", ", words) + ", not " + Field.quote(word));
    }
    return word;
  }
}
