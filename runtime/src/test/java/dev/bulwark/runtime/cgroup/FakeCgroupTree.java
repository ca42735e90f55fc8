package dev.bulwark.runtime.cgroup;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Cgroups in memory, with the kernel's rules of v2 that matter: a model to test against. */
final class FakeCgroupTree implements CgroupTree {
  private static final Map<String, List<String>> FILES =
      Map.of(
          "memory",
          List.of("memory.max", "memory.low", "memory.swap.max", "memory.current", "memory.stat"),
          "cpu",
          List.of("cpu.max", "cpu.weight", "cpu.idle", "cpu.max.burst"),
          "pids",
          List.of("pids.max", "pids.current"),
          "io",
          List.of("io.max", "io.weight", "io.stat"),
          "cpuset",
          List.of("cpuset.cpus", "cpuset.mems"));

  final Map<String, String> files = new TreeMap<>();
  final Set<String> directories = new TreeSet<>();

  /** What was written, {@code path=text} each. */
  final List<String> writes = new ArrayList<>();

  /** Paths that answer writes or removals with an errno, once for each entry. */
  final Map<String, List<Integer>> failures = new TreeMap<>();

  /** A host with cgroup v2 at a place. */
  FakeCgroupTree(String mountPoint, String controllers) {
    directories.add(mountPoint);
    files.put(mountPoint + "/cgroup.controllers", controllers);
    files.put(mountPoint + "/cgroup.subtree_control", "");
    files.put(mountPoint + "/cgroup.procs", "");
  }

  @Override
  public boolean exists(String path) {
    return files.containsKey(path) || directories.contains(path);
  }

  @Override
  public @Nullable String read(String path) {
    return files.get(path);
  }

  @Override
  public void write(String path, String text) throws HostException {
    fail(path, "writing");
    String old = files.get(path);
    if (old == null) {
      throw new HostException("opening " + path, Errno.ENOENT);
    }
    writes.add(path + "=" + text);
    String directory = path.substring(0, path.lastIndexOf('/'));
    if (path.endsWith("/cgroup.subtree_control")) {
      enable(directory, text.substring(1));
    } else if (path.endsWith("/cgroup.procs")) {
      if (!"".equals(files.get(directory + "/cgroup.subtree_control"))) {
        throw new HostException("writing " + path, Errno.EBUSY);
      }
      files.put(path, (old + "\n" + text).strip());
    } else if (path.endsWith("/cgroup.freeze")) {
      files.put(path, text);
      files.put(directory + "/cgroup.events", "populated 1\nfrozen " + text);
    } else if (path.endsWith("/cgroup.kill")) {
      files.put(directory + "/cgroup.procs", "");
    } else {
      files.put(path, text);
    }
  }

  @Override
  public boolean makeDirectory(String path) throws HostException {
    fail(path, "making");
    String parent = path.substring(0, path.lastIndexOf('/'));
    if (!directories.contains(parent)) {
      throw new HostException("making " + path, Errno.ENOENT);
    }
    if (!directories.add(path)) {
      return false;
    }
    String controllers = files.getOrDefault(parent + "/cgroup.subtree_control", "");
    files.put(path + "/cgroup.controllers", controllers);
    files.put(path + "/cgroup.subtree_control", "");
    files.put(path + "/cgroup.procs", "");
    files.put(path + "/cgroup.freeze", "0");
    files.put(path + "/cgroup.events", "populated 0\nfrozen 0");
    files.put(path + "/cgroup.kill", "");
    for (String controller : controllers.split(" ", -1)) {
      addFiles(path, controller);
    }
    return true;
  }

  @Override
  public boolean removeDirectory(String path) throws HostException {
    if (!directories.contains(path)) {
      return false;
    }
    fail(path, "removing");
    boolean used = !files.getOrDefault(path + "/cgroup.procs", "").isEmpty();
    if (used || !children(path).isEmpty()) {
      throw new HostException("removing " + path, Errno.EBUSY);
    }
    directories.remove(path);
    files.keySet().removeIf(file -> file.startsWith(path + "/"));
    return true;
  }

  @Override
  public List<String> children(String path) {
    List<String> names = new ArrayList<>();
    for (String directory : directories) {
      if (directory.startsWith(path + "/") && directory.indexOf('/', path.length() + 1) < 0) {
        names.add(directory.substring(path.length() + 1));
      }
    }
    return names;
  }

  private void enable(String directory, String controller) throws HostException {
    List<String> able = words(files.getOrDefault(directory + "/cgroup.controllers", ""));
    boolean root = !directories.contains(directory.substring(0, directory.lastIndexOf('/')));
    if (!able.contains(controller)) {
      throw new HostException("enabling " + controller, Errno.ENOENT);
    }
    if (!root && !"".equals(files.get(directory + "/cgroup.procs"))) {
      throw new HostException("enabling " + controller, Errno.EBUSY);
    }
    String file = directory + "/cgroup.subtree_control";
    files.put(file, (files.getOrDefault(file, "") + " " + controller).strip());
    for (String child : children(directory)) {
      String path = directory + "/" + child;
      files.put(path + "/cgroup.controllers", files.getOrDefault(file, ""));
      addFiles(path, controller);
    }
  }

  private void addFiles(String directory, String controller) {
    for (String name : FILES.getOrDefault(controller, List.of())) {
      files.putIfAbsent(directory + "/" + name, name.equals("cpu.max") ? "max 100000" : "");
    }
  }

  private void fail(String path, String what) throws HostException {
    List<Integer> errnos = failures.get(path);
    if (errnos != null && !errnos.isEmpty()) {
      throw new HostException(what + " " + path, errnos.removeFirst());
    }
  }

  private static List<String> words(String text) {
    return Arrays.asList(text.split(" ", -1));
  }
}
