package dev.bulwark.runtime;

import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.Sys;
import java.util.ArrayList;
import java.util.List;

/** What this host offers to sandboxes, found by trying. */
public final class HostCheck {
  private static final int MOST_BYTES = 1 << 16;
  private static final int NEEDED_MAJOR = 5;
  private static final int NEEDED_MINOR = 12;

  /** How much a finding matters. */
  public enum Weight {
    /** It is as it should be. */
    GOOD,
    /** Something works less well, or not at all. */
    LIMITED,
    /** No sandbox can be made. */
    MISSING
  }

  /**
   * One thing that was looked at.
   *
   * @param what it is
   * @param words what was found, and what to do about it
   */
  public record Finding(Weight weight, String what, String words) {}

  private final List<Finding> findings = new ArrayList<>();

  private HostCheck() {}

  /** Looks at this host. */
  public static List<Finding> run() {
    HostCheck check = new HostCheck();
    check.kernel();
    check.privileges();
    check.seccomp();
    check.memoryFiles();
    check.namespaces();
    check.cgroups();
    check.platforms();
    return check.findings;
  }

  private void add(Weight weight, String what, String words) {
    findings.add(new Finding(weight, what, words));
  }

  private void kernel() {
    String release = read("/proc/sys/kernel/osrelease").strip();
    String[] parts = release.split("[.-]", -1);
    boolean recent = false;
    try {
      int major = Integer.parseInt(parts[0]);
      int minor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
      recent = major > NEEDED_MAJOR || major == NEEDED_MAJOR && minor >= NEEDED_MINOR;
    } catch (NumberFormatException unknown) {
      recent = false;
    }
    add(
        recent ? Weight.GOOD : Weight.MISSING,
        "kernel",
        release
            + (recent
                ? ""
                : ": Linux 5.12 or later is needed (mount_setattr, close_range, pidfd, openat2)"));
  }

  private void privileges() {
    boolean root = HostCall.call(Sys.GETEUID) == 0;
    add(
        root ? Weight.GOOD : Weight.MISSING,
        "privileges",
        root ? "root" : "not root: run the runtime as root");
  }

  private void seccomp() {
    String actions = read("/proc/sys/kernel/seccomp/actions_avail");
    boolean works = actions.contains("trap") && actions.contains("kill_process");
    add(
        works ? Weight.GOOD : Weight.MISSING,
        "seccomp",
        works
            ? "filters with the actions that stubs need"
            : "no filters: the kernel needs CONFIG_SECCOMP_FILTER");
  }

  private void memoryFiles() {
    try {
      HostIo.close(HostIo.memoryFile("bulwark-check", new byte[0]));
      add(Weight.GOOD, "memory files", "memfd_create(2) works");
    } catch (HostException refused) {
      add(
          Weight.MISSING,
          "memory files",
          refused.getMessage() + ": the kernel needs CONFIG_MEMFD_CREATE");
    }
  }

  private void namespaces() {
    boolean network = !link("/proc/self/ns/net").isEmpty();
    add(
        network ? Weight.GOOD : Weight.MISSING,
        "network namespaces",
        network ? "present" : "absent: the kernel needs CONFIG_NET_NS");
  }

  private void cgroups() {
    String mounts = read("/proc/self/mountinfo");
    boolean v1 = mounts.contains(" - cgroup ");
    boolean v2 = mounts.contains(" - cgroup2 ");
    String memory = v1 && mounts.contains("memory") ? "memory limits work" : "";
    if (v2 && memory.isEmpty() && read("/sys/fs/cgroup/cgroup.controllers").contains("memory")) {
      memory = "memory limits work";
    }
    if (!v1 && !v2) {
      add(Weight.MISSING, "cgroups", "not mounted: mount cgroup2 at /sys/fs/cgroup");
      return;
    }
    add(
        memory.isEmpty() ? Weight.LIMITED : Weight.GOOD,
        "cgroups",
        (v1 ? "version 1" : "version 2")
            + (v1 && v2 ? " and 2" : "")
            + ", "
            + (memory.isEmpty()
                ? "no memory controller: containers with a limit of memory are refused"
                : memory));
  }

  private void platforms() {
    boolean filters =
        findings.stream()
            .noneMatch(each -> each.weight == Weight.MISSING && each.what.equals("seccomp"));
    add(
        filters ? Weight.GOOD : Weight.MISSING,
        "platform systrap",
        filters ? "works, and is what auto chooses" : "needs seccomp filters");
    String problem = filters ? PtraceProbe.problem() : "needs seccomp filters";
    add(
        problem.isEmpty() ? Weight.GOOD : Weight.LIMITED,
        "platform ptrace",
        problem.isEmpty() ? "works, several times slower than systrap" : problem);
    boolean kvm = read("/proc/misc").contains(" kvm");
    add(
        Weight.LIMITED,
        "platform kvm",
        "not built yet; the host has " + (kvm ? "/dev/kvm" : "no /dev/kvm"));
  }

  private static String link(String path) {
    try {
      return HostIo.readLink(path);
    } catch (HostException absent) {
      return "";
    }
  }

  private static String read(String path) {
    try {
      return HostIo.text(path, MOST_BYTES);
    } catch (HostException unreadable) {
      return "";
    }
  }
}
