package dev.bulwark.runtime.cgroup;

import dev.bulwark.linux.HostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The hierarchies of cgroups of a host.
 *
 * @param tree where their files are
 * @param v1 the hierarchy of each controller of cgroup v1; several may share one
 * @param unified the hierarchy of cgroup v2; null when it is not mounted
 */
record CgroupHost(CgroupTree tree, Map<String, Hierarchy> v1, @Nullable Hierarchy unified) {
  /**
   * A mounted hierarchy.
   *
   * @param mountPoint its root directory
   * @param readonly whether it cannot be changed
   * @param own the directory of the cgroup that this process is in
   */
  record Hierarchy(String mountPoint, boolean readonly, String own) {
    // Written out, since those that records have are made anew at each start.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Hierarchy that
          && mountPoint.equals(that.mountPoint)
          && readonly == that.readonly
          && own.equals(that.own);
    }

    @Override
    public int hashCode() {
      return mountPoint.hashCode();
    }
  }

  /** Controllers of v1 that are used where they are. */
  private static final List<String> CONTROLLERS =
      List.of(
          "cpuset",
          "cpu",
          "cpuacct",
          "blkio",
          "memory",
          "devices",
          "freezer",
          "net_cls",
          "perf_event",
          "net_prio",
          "hugetlb",
          "pids",
          "rdma",
          "misc");

  /** Looks at this host, through the eyes of this process. */
  static CgroupHost current() throws CgroupException {
    CgroupTree tree = new HostCgroupTree();
    try {
      String mounts = tree.read("/proc/self/mountinfo");
      String own = tree.read("/proc/self/cgroup");
      return of(tree, mounts == null ? "" : mounts, own == null ? "" : own);
    } catch (HostException e) {
      throw new CgroupException("looking for cgroups: " + e.getMessage());
    }
  }

  /** Understands the texts of {@code /proc/self/mountinfo} and {@code /proc/self/cgroup}. */
  static CgroupHost of(CgroupTree tree, String mountInfo, String ownCgroups) {
    Map<String, String> own = own(ownCgroups);
    Map<String, Hierarchy> v1 = new LinkedHashMap<>();
    Hierarchy unified = null;
    for (String line : mountInfo.split("\n", -1)) {
      List<String> fields = List.of(line.split(" ", -1));
      int dash = fields.indexOf("-");
      if (dash < 6 || dash + 3 >= fields.size()) {
        continue;
      }
      String type = fields.get(dash + 1);
      String mountPoint = unescape(fields.get(4));
      String root = unescape(fields.get(3));
      boolean readonly = ("," + fields.get(5) + "," + fields.get(dash + 3) + ",").contains(",ro,");
      if (type.equals("cgroup2") && unified == null) {
        unified = new Hierarchy(mountPoint, readonly, below(mountPoint, root, own.get("")));
      } else if (type.equals("cgroup")) {
        for (String option : fields.get(dash + 3).split(",", -1)) {
          if (CONTROLLERS.contains(option)) {
            v1.putIfAbsent(
                option,
                new Hierarchy(mountPoint, readonly, below(mountPoint, root, own.get(option))));
          }
        }
      }
    }
    return new CgroupHost(tree, v1, unified);
  }

  /** Whether this host has cgroup v2 only. */
  boolean onlyUnified() {
    return v1.isEmpty() && unified != null;
  }

  /** The different hierarchies of v1. */
  List<Hierarchy> hierarchies() {
    List<Hierarchy> all = new ArrayList<>();
    for (Hierarchy hierarchy : v1.values()) {
      if (!all.contains(hierarchy)) {
        all.add(hierarchy);
      }
    }
    return all;
  }

  /** Paths by controller; that of v2 by the empty string. */
  private static Map<String, String> own(String ownCgroups) {
    Map<String, String> paths = new LinkedHashMap<>();
    for (String line : ownCgroups.split("\n", -1)) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3) {
        for (String controller : fields[1].split(",", -1)) {
          paths.putIfAbsent(controller, fields[2]);
        }
      }
    }
    return paths;
  }

  /** The directory of a path of a hierarchy whose mount shows it from a root on. */
  private static String below(String mountPoint, String root, @Nullable String path) {
    if (path == null || path.startsWith("/..") || path.equals("/")) {
      return mountPoint;
    }
    if (root.equals("/")) {
      return mountPoint + path;
    }
    boolean inside = path.equals(root) || path.startsWith(root + "/");
    return inside ? mountPoint + path.substring(root.length()) : mountPoint;
  }

  /** Undoes the octal escapes of mountinfo. */
  private static String unescape(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && i + 3 < text.length()) {
        result.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        result.append(text.charAt(i));
      }
    }
    return result.toString();
  }
}
