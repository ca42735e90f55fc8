package dev.bulwark.runtime.oci;

import static dev.bulwark.runtime.oci.Support.Level.ACCEPTED;
import static dev.bulwark.runtime.oci.Support.Level.ENFORCED;
import static dev.bulwark.runtime.oci.Support.Level.REFUSED;

import dev.bulwark.runtime.oci.Support.Row;
import java.util.List;

/** The rows of {@link Support}; a class of its own since only refusals and the page need them. */
final class SupportTable {
  static final List<Row> ROWS =
      List.of(
          new Row("ociVersion", ENFORCED, "1.x of any minor version"),
          new Row("root.path", ENFORCED, "absolute or relative to the bundle"),
          new Row("root.readonly", ENFORCED, ""),
          new Row("process.terminal", ENFORCED, ""),
          new Row("process.consoleSize", ENFORCED, ""),
          new Row("process.user.uid", ENFORCED, ""),
          new Row("process.user.gid", ENFORCED, ""),
          new Row("process.user.umask", ENFORCED, "0022 when absent"),
          new Row("process.user.additionalGids", ENFORCED, ""),
          new Row("process.user.username", ACCEPTED, "Windows only"),
          new Row("process.args", ENFORCED, ""),
          new Row("process.commandLine", ACCEPTED, "Windows only"),
          new Row("process.env", ENFORCED, ""),
          new Row("process.cwd", ENFORCED, ""),
          new Row(
              "process.capabilities",
              ENFORCED,
              "inside the Sentry: no process of a sandbox has capabilities on the host"),
          new Row("process.rlimits", ENFORCED, ""),
          new Row("process.noNewPrivileges", ENFORCED, ""),
          new Row("process.oomScoreAdj", ENFORCED, ""),
          new Row(
              "process.apparmorProfile",
              ACCEPTED,
              "the application makes no call to the host's kernel that a profile could be about"),
          new Row(
              "process.selinuxLabel",
              ACCEPTED,
              "the application makes no call to the host's kernel that a label could be about"),
          new Row(
              "process.scheduler",
              ACCEPTED,
              "policies order tasks of the host, which a sandbox has none of"),
          new Row("process.ioPriority", ACCEPTED, ""),
          new Row(
              "process.execCPUAffinity",
              ACCEPTED,
              "the host chooses among the processors that linux.resources.cpu.cpus allows"),
          new Row("hostname", ENFORCED, ""),
          new Row("domainname", ENFORCED, ""),
          new Row("mounts[].destination", ENFORCED, "a relative one is taken from /, as by runc"),
          new Row("mounts[].type", ENFORCED, "bind, tmpfs, proc, sysfs, devpts, mqueue, cgroup"),
          new Row(
              "mounts[].type=*",
              REFUSED,
              "mount other file systems on the host and pass them in with a bind mount"),
          new Row("mounts[].source", ENFORCED, ""),
          new Row(
              "mounts[].options", ENFORCED, "as runc; what is not known goes to the file system"),
          new Row(
              "mounts[].options=shared",
              REFUSED,
              "mounts of a container never appear on the host: use rprivate or rslave"),
          new Row("mounts[].options=idmap", REFUSED, "change the owners on the host"),
          new Row("mounts[].uidMappings", REFUSED, "change the owners on the host"),
          new Row("mounts[].gidMappings", REFUSED, "change the owners on the host"),
          new Row("hooks", ENFORCED, "all six kinds"),
          new Row("annotations", ACCEPTED, "kept in the state"),
          new Row(
              "annotations[dev.bulwark.wall]",
              ENFORCED,
              "sentry, the default, or vm: a virtual machine of its own; what that refuses is in"
                  + " limitations.md"),
          new Row(
              "annotations[dev.bulwark.overlay]",
              ENFORCED,
              "memory: what is written to the root file system is kept in the sandbox's memory, and"
                  + " gone at its end; volumes are not concerned"),
          new Row(
              "annotations[dev.bulwark.host-sockets]",
              ENFORCED,
              "destinations of bind mounts, with commas, in which sockets of the host can be"
                  + " connected to; a bind mount of a socket itself needs none"),
          new Row(
              "annotations[dev.bulwark.platform]",
              ENFORCED,
              "auto, systrap or ptrace: how calls are caught; the option --platform wins"),
          new Row(
              "annotations[dev.bulwark.patch]",
              ENFORCED,
              "false leaves the system calls in programs' text alone: slower"),
          new Row(
              "linux.namespaces",
              ENFORCED,
              "those of the application are the Sentry's own; with a path the network's is joined, and the host and domain name of a uts namespace are taken over"),
          new Row(
              "linux.namespaces without pid",
              REFUSED,
              "the host's processes are never visible inside: add {\"type\": \"pid\"}, that is, leave out --pid=host"),
          new Row(
              "linux.namespaces without mount",
              REFUSED,
              "the host's mounts are never visible inside: add {\"type\": \"mount\"}"),
          new Row(
              "linux.namespaces without ipc",
              REFUSED,
              "the host's IPC objects are never visible inside: add {\"type\": \"ipc\"}, that is, leave out --ipc=host"),
          new Row(
              "linux.namespaces[].path",
              REFUSED,
              "a sandbox shares only a network with others: leave it out, that is, --pid=container:ID, --ipc=container:ID and the like"),
          new Row("linux.uidMappings", ACCEPTED, "numbers inside are the host's"),
          new Row("linux.gidMappings", ACCEPTED, "numbers inside are the host's"),
          new Row(
              "linux.uidMappings=other numbers",
              REFUSED,
              "numbers inside are the host's: leave --uidmap out, use --userns=host, or run the engine without userns-remap"),
          new Row(
              "linux.gidMappings=other numbers",
              REFUSED,
              "numbers inside are the host's: leave --gidmap out, use --userns=host, or run the engine without userns-remap"),
          new Row("linux.timeOffsets", REFUSED, "leave it out: clocks inside are the host's"),
          new Row(
              "linux.devices",
              REFUSED,
              "no device of the host is reachable from a sandbox, which has null, zero, full, random, urandom, tty, console and ptmx of its own: leave out --device; with --privileged they are left out"),
          new Row("linux.cgroupsPath", ENFORCED, "also in the form slice:prefix:name of systemd"),
          new Row("linux.rootfsPropagation", ENFORCED, ""),
          new Row(
              "linux.rootfsPropagation=shared",
              REFUSED,
              "mounts of a container never appear on the host: use private or slave"),
          new Row("linux.seccomp", ENFORCED, "on the application, inside the Sentry"),
          new Row(
              "linux.seccomp=SCMP_ACT_NOTIFY",
              REFUSED,
              "no supervisor outside can answer for the Sentry: use SCMP_ACT_ERRNO"),
          new Row(
              "linux.seccomp.listenerPath",
              REFUSED,
              "no supervisor outside can answer for the Sentry: leave it out"),
          new Row(
              "linux.sysctl",
              ENFORCED,
              "those of the network, kernel.hostname and kernel.domainname; others only with the value that they have in a sandbox, else they are refused"),
          new Row("linux.maskedPaths", ENFORCED, ""),
          new Row("linux.readonlyPaths", ENFORCED, ""),
          new Row("linux.mountLabel", ACCEPTED, "there is no SELinux inside"),
          new Row("linux.intelRdt", REFUSED, "leave it out"),
          new Row("linux.personality.domain", ACCEPTED, "LINUX is the only one"),
          new Row(
              "linux.personality.domain=LINUX32",
              REFUSED,
              "use LINUX: applications inside are of 64 bits"),
          new Row("linux.personality.flags", REFUSED, "leave it out: the specification knows none"),
          new Row(
              "linux.resources.devices",
              ACCEPTED,
              "no device of the host is reachable from a sandbox"),
          new Row(
              "linux.resources.memory.limit",
              ENFORCED,
              "of the applications; the host's cgroup, which docker stats shows, has 256 MiB more for the sandbox itself"),
          new Row("linux.resources.memory.reservation", ENFORCED, ""),
          new Row("linux.resources.memory.swap", ENFORCED, "of memory and swap together"),
          new Row(
              "linux.resources.memory.kernel",
              ACCEPTED,
              "with a warning, as by runc: Linux has given it up"),
          new Row(
              "linux.resources.memory.kernelTCP",
              ACCEPTED,
              "with a warning, as by runc: Linux has given it up"),
          new Row("linux.resources.memory.swappiness", ENFORCED, "on cgroup v1"),
          new Row("linux.resources.memory.disableOOMKiller", ENFORCED, "on cgroup v1"),
          new Row("linux.resources.memory.useHierarchy", ACCEPTED, "it always is"),
          new Row("linux.resources.memory.checkBeforeUpdate", ENFORCED, ""),
          new Row("linux.resources.cpu.shares", ENFORCED, ""),
          new Row("linux.resources.cpu.quota", ENFORCED, ""),
          new Row("linux.resources.cpu.period", ENFORCED, ""),
          new Row("linux.resources.cpu.burst", ENFORCED, ""),
          new Row("linux.resources.cpu.idle", ENFORCED, ""),
          new Row("linux.resources.cpu.realtimeRuntime", ENFORCED, "on cgroup v1"),
          new Row("linux.resources.cpu.realtimePeriod", ENFORCED, "on cgroup v1"),
          new Row("linux.resources.cpu.cpus", ENFORCED, ""),
          new Row("linux.resources.cpu.mems", ENFORCED, ""),
          new Row("linux.resources.pids.limit", ENFORCED, ""),
          new Row("linux.resources.blockIO", ENFORCED, "of the sandbox's processes"),
          new Row("linux.resources.hugepageLimits", ENFORCED, ""),
          new Row("linux.resources.network", ENFORCED, "on cgroup v1 with net_cls and net_prio"),
          new Row("linux.resources.rdma", ENFORCED, ""),
          new Row("linux.resources.unified", ENFORCED, "on cgroup v2"),
          new Row("solaris", REFUSED, "leave it out: Bulwark runs containers of Linux"),
          new Row("windows", REFUSED, "leave it out: Bulwark runs containers of Linux"),
          new Row(
              "vm",
              REFUSED,
              "leave it out: which wall stands around a container is not the configuration's choice"),
          new Row("zos", REFUSED, "leave it out: Bulwark runs containers of Linux"));

  private SupportTable() {}
}
