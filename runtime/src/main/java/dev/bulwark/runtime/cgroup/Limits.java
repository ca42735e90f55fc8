package dev.bulwark.runtime.cgroup;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostException;
import dev.bulwark.runtime.oci.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts limits in force. Each controller is used where it lives, on v1 or v2; what is asked of one
 * that this host lacks is an error that names the field, or a warning where it is only a wish.
 */
final class Limits {
  private final Cgroup cgroup;
  private final CgroupTree tree;
  private final List<String> warnings = new ArrayList<>();

  Limits(Cgroup cgroup, CgroupTree tree) {
    this.cgroup = cgroup;
    this.tree = tree;
  }

  /**
   * Sets all limits that are asked for.
   *
   * @param overhead bytes to add to limits of memory
   * @return warnings about what has no effect
   */
  List<String> apply(Resources resources, long overhead) throws CgroupException {
    new MemoryLimits(this).apply(resources.memory(), overhead);
    new CpuLimits(this).apply(resources.cpu());
    new IoLimits(this).apply(resources.blockIO());
    pids(resources.pids());
    hugepages(resources.hugepageLimits());
    network(resources.network());
    rdma(resources.rdma());
    unified(resources.unified());
    return warnings;
  }

  /** The directory in v1's hierarchy of a controller; null when v1 has it not. */
  @Nullable String v1(String controller) {
    return cgroup.v1(controller);
  }

  /** The directory in v2's hierarchy, if the controller is on there; else null. */
  @Nullable String v2(String controller) {
    return cgroup.v2(controller);
  }

  boolean exists(String file) {
    return tree.exists(file);
  }

  @Nullable String read(String file) throws CgroupException {
    try {
      return tree.read(file);
    } catch (HostException e) {
      throw new CgroupException(e.getMessage());
    }
  }

  /**
   * Writes a file.
   *
   * @param field what asks for it, below {@code linux.resources}
   */
  void set(String field, String file, String value) throws CgroupException {
    int errno = attempt(file, value);
    if (errno != 0) {
      throw failure(field, file, value, errno);
    }
  }

  /** Writes a file; the errno, or 0. */
  int attempt(String file, String value) {
    try {
      tree.write(file, value);
      return 0;
    } catch (HostException e) {
      return e.errno();
    }
  }

  CgroupException failure(String field, String file, String value, int errno) {
    String why = errno == Errno.ENOENT ? "this kernel does not have it" : Errno.describe(errno);
    if (errno == Errno.EBUSY) {
      why += "; more than that is in use";
    } else if (errno == Errno.EROFS || errno == Errno.EACCES || errno == Errno.EPERM) {
      why += "; cgroups are not writable here";
    }
    return new CgroupException(
        "linux.resources." + field + ": cannot write " + value + " to " + file + ": " + why);
  }

  CgroupException missing(String field, String controller) {
    return new CgroupException(
        "linux.resources."
            + field
            + ": this host has no writable cgroup controller "
            + controller
            + "; leave the limit out, or turn the controller on");
  }

  void warn(String text) {
    warnings.add("linux.resources." + text);
  }

  private void pids(@Nullable Long limit) throws CgroupException {
    if (limit == null || limit == 0) {
      return;
    }
    String directory = v1("pids") == null ? v2("pids") : v1("pids");
    if (directory == null) {
      if (limit > 0) {
        throw missing("pids.limit", "pids");
      }
      return;
    }
    set("pids.limit", directory + "/pids.max", limit < 0 ? "max" : limit.toString());
  }

  private void hugepages(List<Resources.HugepageLimit> limits) throws CgroupException {
    for (Resources.HugepageLimit limit : limits) {
      String field = "hugepageLimits (" + limit.pageSize() + ")";
      String bytes = Long.toUnsignedString(limit.limit());
      String v1 = v1("hugetlb");
      String v2 = v2("hugetlb");
      if (v1 != null) {
        set(field, v1 + "/hugetlb." + limit.pageSize() + ".limit_in_bytes", bytes);
      } else if (v2 != null) {
        set(field, v2 + "/hugetlb." + limit.pageSize() + ".max", bytes);
      } else {
        throw missing(field, "hugetlb");
      }
    }
  }

  private void network(Resources.Network network) throws CgroupException {
    Long id = network.classID();
    if (id != null && id != 0) {
      String directory = v1("net_cls");
      if (directory == null) {
        throw missing("network.classID", "net_cls");
      }
      set("network.classID", directory + "/net_cls.classid", id.toString());
    }
    for (Resources.InterfacePriority each : network.priorities()) {
      String directory = v1("net_prio");
      if (directory == null) {
        throw missing("network.priorities", "net_prio");
      }
      set(
          "network.priorities",
          directory + "/net_prio.ifpriomap",
          each.name() + " " + each.priority());
    }
  }

  private void rdma(Map<String, Resources.Rdma> devices) throws CgroupException {
    for (Map.Entry<String, Resources.Rdma> each : devices.entrySet()) {
      String directory = v1("rdma") == null ? v2("rdma") : v1("rdma");
      if (directory == null) {
        throw missing("rdma", "rdma");
      }
      Long handles = each.getValue().hcaHandles();
      Long objects = each.getValue().hcaObjects();
      set(
          "rdma." + each.getKey(),
          directory + "/rdma.max",
          each.getKey()
              + (handles == null ? "" : " hca_handle=" + handles)
              + (objects == null ? "" : " hca_object=" + objects));
    }
  }

  private void unified(Map<String, String> files) throws CgroupException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      String field = "unified." + file.getKey();
      String controller = file.getKey().substring(0, file.getKey().indexOf('.'));
      String directory = v2(controller);
      if (directory == null) {
        throw new CgroupException(
            "linux.resources."
                + field
                + ": this host has the controller "
                + controller
                + " not on cgroup v2; leave it out");
      }
      for (String line : file.getValue().split("\n", -1)) {
        set(field, directory + "/" + file.getKey(), line);
      }
    }
  }
}
