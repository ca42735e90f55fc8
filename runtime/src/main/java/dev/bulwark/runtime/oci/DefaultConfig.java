package dev.bulwark.runtime.oci;

import dev.bulwark.runtime.json.JsonWriter;
import java.util.List;

/** The {@code config.json} that {@code spec} writes: runc's, a shell in {@code rootfs}. */
public final class DefaultConfig {
  private static final List<String> CAPABILITIES =
      List.of("CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE");

  private DefaultConfig() {}

  /**
   * The document.
   *
   * @param specification the version of the specification to claim
   */
  public static byte[] document(String specification) {
    JsonWriter out = JsonWriter.indented("\t").object();
    out.add("ociVersion", specification);
    process(out.object("process"));
    out.endObject();
    out.object("root").add("path", "rootfs").add("readonly", true).endObject();
    out.add("hostname", "bulwark");
    out.array("mounts");
    mount(out, "/proc", "proc", "proc");
    mount(out, "/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
    mount(
        out,
        "/dev/pts",
        "devpts",
        "devpts",
        "nosuid",
        "noexec",
        "newinstance",
        "ptmxmode=0666",
        "mode=0620",
        "gid=5");
    mount(out, "/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k");
    mount(out, "/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
    mount(out, "/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro");
    mount(out, "/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro");
    out.endArray();
    linux(out.object("linux"));
    return out.endObject().endObject().toBytes();
  }

  private static void process(JsonWriter out) {
    out.add("terminal", true);
    out.object("user").add("uid", 0).add("gid", 0).endObject();
    out.add("args", List.of("sh"));
    out.add(
        "env",
        List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"));
    out.add("cwd", "/");
    out.object("capabilities")
        .add("bounding", CAPABILITIES)
        .add("effective", CAPABILITIES)
        .add("permitted", CAPABILITIES)
        .endObject();
    out.array("rlimits")
        .object()
        .add("type", "RLIMIT_NOFILE")
        .add("hard", 1024)
        .add("soft", 1024)
        .endObject()
        .endArray();
    out.add("noNewPrivileges", true);
  }

  private static void mount(
      JsonWriter out, String destination, String type, String source, String... options) {
    out.object().add("destination", destination).add("type", type).add("source", source);
    if (options.length > 0) {
      out.add("options", List.of(options));
    }
    out.endObject();
  }

  private static void linux(JsonWriter out) {
    out.object("resources").array("devices").object();
    out.add("allow", false).add("access", "rwm").endObject().endArray().endObject();
    out.array("namespaces");
    for (String type : new String[] {"pid", "network", "ipc", "uts", "mount", "cgroup"}) {
      out.object().add("type", type).endObject();
    }
    out.endArray();
    out.add(
        "maskedPaths",
        List.of(
            "/proc/acpi",
            "/proc/asound",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/sys/firmware",
            "/proc/scsi"));
    out.add(
        "readonlyPaths",
        List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"));
  }
}
