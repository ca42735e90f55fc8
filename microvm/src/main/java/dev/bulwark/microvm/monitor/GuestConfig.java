package dev.bulwark.microvm.monitor;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.bulwark.control.CapabilitySets;
import dev.bulwark.control.DeviceSpec;
import dev.bulwark.control.MountSpec;
import dev.bulwark.control.ProcessSpec;
import dev.bulwark.control.ResourceLimits;
import dev.bulwark.control.RlimitSpec;
import dev.bulwark.control.RootMode;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.control.SeccompProfile;
import dev.bulwark.control.UserSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Says a container to the guest's crun: a config.json of the OCI runtime specification. Strings are
 * byte strings, and become the document's bytes as they are.
 */
final class GuestConfig {
  private static final List<String> CAPABILITIES =
      List.of(
          ("CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP"
                  + " LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK"
                  + " IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN"
                  + " SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE"
                  + " AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM"
                  + " BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE")
              .split(" ", -1));

  /** By number, as setrlimit(2) has them. */
  private static final List<String> LIMITS =
      List.of(
          ("CPU FSIZE DATA STACK CORE RSS NPROC NOFILE MEMLOCK AS LOCKS SIGPENDING MSGQUEUE NICE"
                  + " RTPRIO RTTIME")
              .split(" ", -1));

  private static final int FILE_TYPE = 0170000;
  private static final int SYMBOLIC_LINK = 0120000;
  private static final int FIFO = 0010000;
  private static final int PERMISSIONS = 07777;

  /** Made in every container (OCI runtime specification, default devices). */
  private static final List<String> USUAL_DEVICES =
      List.of(
          "/dev/null",
          "/dev/zero",
          "/dev/full",
          "/dev/random",
          "/dev/urandom",
          "/dev/tty",
          "/dev/console",
          "/dev/ptmx");

  /** What a /dev with devices in it is to crun, which makes them itself. */
  private static final String DEVICES = "mode=755,size=65536k";

  private static final String TERMINALS = "newinstance,ptmxmode=0666,mode=0620,gid=5";

  private final SandboxSpec spec;
  private final UserSpec user;
  private final GuestFiles files;

  /**
   * A container.
   *
   * @param user of its process, in numbers
   */
  GuestConfig(SandboxSpec spec, UserSpec user, GuestFiles files) {
    this.spec = spec;
    this.user = user;
    this.files = files;
  }

  byte[] toBytes() {
    JsonObject root = new JsonObject();
    root.addProperty("path", files.root());
    root.addProperty("readonly", spec.root() == RootMode.READ_ONLY);
    JsonObject config = new JsonObject();
    config.addProperty("ociVersion", "1.0.2");
    config.add("process", process(spec.process(), user));
    config.add("root", root);
    config.addProperty("hostname", spec.hostname());
    config.add("mounts", mounts());
    config.add("linux", linux());
    return config.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A process, as crun's exec takes it too. */
  static JsonObject process(ProcessSpec spec, UserSpec user) {
    JsonObject who = new JsonObject();
    who.addProperty("uid", Integer.toUnsignedLong(user.uid()));
    who.addProperty("gid", Integer.toUnsignedLong(user.gid()));
    who.addProperty("umask", user.umask());
    JsonArray groups = new JsonArray();
    user.additionalGids().forEach(gid -> groups.add(Integer.toUnsignedLong(gid)));
    who.add("additionalGids", groups);
    JsonObject process = new JsonObject();
    process.addProperty("terminal", spec.terminals() != 0);
    process.add("user", who);
    process.add("args", strings(spec.arguments()));
    process.add("env", strings(spec.environment()));
    process.addProperty("cwd", spec.workingDirectory());
    process.add("capabilities", capabilities(spec.capabilities()));
    process.add("rlimits", limits(spec.limits()));
    process.addProperty("noNewPrivileges", spec.noNewPrivileges());
    if (spec.oomScoreAdjust() != 0) {
      process.addProperty("oomScoreAdj", spec.oomScoreAdjust());
    }
    return process;
  }

  private static JsonArray strings(List<String> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }

  private static JsonObject capabilities(CapabilitySets sets) {
    JsonObject capabilities = new JsonObject();
    capabilities.add("bounding", names(sets.bounding()));
    capabilities.add("effective", names(sets.effective()));
    capabilities.add("inheritable", names(sets.inheritable()));
    capabilities.add("permitted", names(sets.permitted()));
    capabilities.add("ambient", names(sets.ambient()));
    return capabilities;
  }

  private static JsonArray names(long set) {
    JsonArray names = new JsonArray();
    for (int i = 0; i < CAPABILITIES.size(); i++) {
      if ((set >>> i & 1) != 0) {
        names.add("CAP_" + CAPABILITIES.get(i));
      }
    }
    return names;
  }

  private static JsonArray limits(List<RlimitSpec> limits) {
    JsonArray array = new JsonArray();
    for (RlimitSpec limit : limits) {
      JsonObject one = new JsonObject();
      one.addProperty("type", "RLIMIT_" + LIMITS.get(limit.resource()));
      one.add("soft", unsigned(limit.soft()));
      one.add("hard", unsigned(limit.hard()));
      array.add(one);
    }
    return array;
  }

  private static com.google.gson.JsonPrimitive unsigned(long value) {
    return new com.google.gson.JsonPrimitive(
        new java.math.BigInteger(Long.toUnsignedString(value)));
  }

  private JsonArray mounts() {
    JsonArray mounts = new JsonArray();
    for (MountSpec mount : spec.mounts()) {
      String data =
          switch (mount.type()) {
            case "devtmpfs" -> DEVICES;
            case "devpts" -> mount.data().isEmpty() ? TERMINALS : mount.data();
            default -> mount.data();
          };
      String type =
          switch (mount.type()) {
            case "devtmpfs" -> "tmpfs";
            case "cgroup2" -> "cgroup";
            default -> mount.type();
          };
      boolean bind = mount.tree() != MountSpec.NO_TREE;
      JsonArray options = new JsonArray();
      if (bind) {
        options.add("rbind");
      }
      flag(options, mount.flags(), MountSpec.READ_ONLY, "ro");
      flag(options, mount.flags(), MountSpec.NO_SUID, "nosuid");
      flag(options, mount.flags(), MountSpec.NO_DEV, "nodev");
      flag(options, mount.flags(), MountSpec.NO_EXEC, "noexec");
      if (!data.isEmpty()) {
        List.of(data.split(",", -1)).forEach(options::add);
      }
      JsonObject one = new JsonObject();
      one.addProperty("destination", mount.destination());
      one.addProperty("type", type);
      one.addProperty("source", bind ? files.tree(mount.tree()) : mount.source());
      one.add("options", options);
      mounts.add(one);
    }
    return mounts;
  }

  private static void flag(JsonArray options, long flags, long bit, String name) {
    if ((flags & bit) != 0) {
      options.add(name);
    }
  }

  private JsonObject linux() {
    JsonArray namespaces = new JsonArray();
    for (String type : List.of("pid", "network", "ipc", "uts", "mount", "cgroup")) {
      JsonObject one = new JsonObject();
      one.addProperty("type", type);
      namespaces.add(one);
    }
    JsonObject sysctl = new JsonObject();
    for (String entry : spec.sysctls()) {
      int equals = entry.indexOf('=');
      sysctl.addProperty(entry.substring(0, equals), entry.substring(equals + 1));
    }
    JsonObject linux = new JsonObject();
    linux.add("namespaces", namespaces);
    linux.add("devices", devices());
    linux.addProperty("cgroupsPath", "/container");
    linux.add("resources", resources(spec.resources()));
    linux.add("maskedPaths", strings(spec.maskedPaths()));
    linux.add("readonlyPaths", strings(spec.readonlyPaths()));
    linux.add("sysctl", sysctl);
    SeccompProfile profile = spec.seccomp();
    if (profile != null) {
      linux.add("seccomp", seccomp(profile));
    }
    return linux;
  }

  /** Those that crun would not make by itself; it makes the links too. */
  private JsonArray devices() {
    JsonArray devices = new JsonArray();
    for (DeviceSpec device : spec.devices()) {
      int type = device.mode() & FILE_TYPE;
      if (type != SYMBOLIC_LINK && !USUAL_DEVICES.contains(device.path())) {
        JsonObject one = new JsonObject();
        one.addProperty("path", device.path());
        one.addProperty("type", type == FIFO ? "p" : "c");
        one.addProperty("major", device.major());
        one.addProperty("minor", device.minor());
        one.addProperty("fileMode", device.mode() & PERMISSIONS);
        one.addProperty("uid", Integer.toUnsignedLong(device.uid()));
        one.addProperty("gid", Integer.toUnsignedLong(device.gid()));
        devices.add(one);
      }
    }
    return devices;
  }

  /** What a container may use, as crun's update takes it too. */
  static JsonObject resources(ResourceLimits limits) {
    JsonObject memory = new JsonObject();
    positive(memory, "limit", limits.memory());
    positive(memory, "swap", limits.swap());
    JsonObject cpu = new JsonObject();
    positive(cpu, "quota", limits.cpuQuotaMicros());
    positive(cpu, "period", limits.cpuPeriodMicros());
    positive(cpu, "shares", limits.cpuShares());
    JsonObject pids = new JsonObject();
    positive(pids, "limit", limits.pids());
    JsonObject resources = new JsonObject();
    resources.add("memory", memory);
    resources.add("cpu", cpu);
    if (!pids.isEmpty()) {
      resources.add("pids", pids);
    }
    return resources;
  }

  private static void positive(JsonObject object, String name, long value) {
    if (value > 0) {
      object.addProperty(name, value);
    }
  }

  private static JsonObject seccomp(SeccompProfile profile) {
    JsonArray rules = new JsonArray();
    for (SeccompProfile.Rule rule : profile.rules()) {
      JsonArray arguments = new JsonArray();
      for (SeccompProfile.Arg arg : rule.args()) {
        JsonObject one = new JsonObject();
        one.addProperty("index", arg.index());
        one.add("value", unsigned(arg.value()));
        one.add("valueTwo", unsigned(arg.valueTwo()));
        one.addProperty("op", "SCMP_CMP_" + arg.op().name());
        arguments.add(one);
      }
      JsonObject one = new JsonObject();
      one.add("names", strings(rule.names()));
      action(one, "action", "errnoRet", rule.action(), rule.errno());
      one.add("args", arguments);
      rules.add(one);
    }
    JsonObject seccomp = new JsonObject();
    action(
        seccomp,
        "defaultAction",
        "defaultErrnoRet",
        profile.defaultAction(),
        profile.defaultErrno());
    seccomp.add("flags", strings(profile.flags()));
    seccomp.add("syscalls", rules);
    return seccomp;
  }

  private static void action(
      JsonObject to, String name, String errnoName, SeccompProfile.Action action, int errno) {
    to.addProperty(name, "SCMP_ACT_" + action.name());
    if (errno != SeccompProfile.NO_ERRNO) {
      to.addProperty(errnoName, errno);
    }
  }
}
