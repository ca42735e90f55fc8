package dev.bulwark.runtime.cgroup;

import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.Sys;
import dev.bulwark.runtime.oci.Resources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cgroup of a container: a directory in each hierarchy of the host that can be written to.
 *
 * <p>An object of this class is only the knowledge of paths; {@link #create} makes them. So the
 * caller can write {@link #paths} down first, and whatever happens then, {@link #remove} with these
 * paths removes what there is. Not thread-safe.
 */
public final class Cgroup {
  /** Enough for 100,000 processes that hold each other up. */
  private static final int MAX_DEPTH = 32;

  private static final int SIGKILL = 9;
  private static final int FIRST_WAIT_MILLIS = 1;
  private static final int LONGEST_WAIT_MILLIS = 50;
  private static final long FREEZE_MILLIS = 10_000;

  private final CgroupHost host;
  private final @Nullable CgroupPath path;
  private final Map<String, String> v1;
  private final @Nullable String unified;

  private Cgroup(
      CgroupHost host,
      @Nullable CgroupPath path,
      Map<String, String> v1,
      @Nullable String unified) {
    this.host = host;
    this.path = path;
    this.v1 = v1;
    this.unified = unified;
  }

  /** The cgroup of a new container of this host, which is not made yet. */
  public static Cgroup planned(CgroupPath path) throws CgroupException {
    return planned(CgroupHost.current(), path);
  }

  static Cgroup planned(CgroupHost host, CgroupPath path) {
    Map<String, String> v1 = new HashMap<>();
    for (Map.Entry<String, CgroupHost.Hierarchy> each : host.v1().entrySet()) {
      if (!each.getValue().readonly()) {
        v1.put(each.getKey(), path.in(each.getValue(), false));
      }
    }
    CgroupHost.Hierarchy unified = host.unified();
    boolean writable = unified != null && !unified.readonly();
    return new Cgroup(host, path, v1, writable && unified != null ? path.in(unified, true) : null);
  }

  /** The cgroup of a container that was created earlier, by what {@link #paths} gave. */
  public static Cgroup of(List<String> paths) throws CgroupException {
    return of(CgroupHost.current(), paths);
  }

  static Cgroup of(CgroupHost host, List<String> paths) {
    Map<String, String> v1 = new HashMap<>();
    String unified = null;
    for (String path : paths) {
      for (Map.Entry<String, CgroupHost.Hierarchy> each : host.v1().entrySet()) {
        if (path.startsWith(each.getValue().mountPoint() + "/")) {
          v1.put(each.getKey(), path);
        }
      }
      CgroupHost.Hierarchy v2 = host.unified();
      if (v2 != null && path.startsWith(v2.mountPoint() + "/") && !v1.containsValue(path)) {
        unified = path;
      }
    }
    return new Cgroup(host, null, v1, unified);
  }

  /** The absolute paths of its directories; all that has to be remembered of it. */
  public List<String> paths() {
    List<String> paths = new ArrayList<>(new java.util.TreeSet<>(v1.values()));
    if (unified != null) {
      paths.add(unified);
    }
    return List.copyOf(paths);
  }

  /**
   * Makes its directories, puts limits in force and then a process in.
   *
   * @param id the container's, for systemd's description
   * @param resources the limits
   * @param overhead bytes to add to limits of memory for the sandbox itself
   * @param pid a process that has no children yet; 0 for none, except with systemd's driver on a
   *     host where systemd runs, whose scopes cannot be empty
   * @return warnings about what has no effect
   * @throws CgroupException when it exists already with processes in it, or anything fails; then
   *     {@link #remove} has to follow
   */
  public List<String> create(String id, Resources resources, long overhead, int pid)
      throws CgroupException {
    CgroupPath where = path;
    if (where == null) {
      throw new IllegalStateException("the cgroup of an earlier container");
    }
    if (!pids().isEmpty()) {
      throw new CgroupException(
          "the cgroup "
              + where.path()
              + " exists already with processes in it; end them, or choose another linux.cgroupsPath");
    }
    boolean scope = !where.unit().isEmpty() && SystemdScope.running(host.tree());
    if (scope) {
      if (pid == 0) {
        throw new CgroupException("a scope of systemd needs a process from the beginning");
      }
      SystemdScope.run(SystemdScope.start(where, id, pid));
    }
    CgroupDirectories directories = new CgroupDirectories(host.tree());
    for (CgroupHost.Hierarchy hierarchy : host.hierarchies()) {
      if (!hierarchy.readonly()) {
        directories.make(hierarchy, where.in(hierarchy, false), cpuset(hierarchy), false);
      }
    }
    CgroupHost.Hierarchy v2 = host.unified();
    if (v2 != null && unified != null) {
      directories.make(v2, unified, false, true);
    }
    List<String> warnings = update(resources, overhead);
    if (pid != 0) {
      add(pid);
    }
    return warnings;
  }

  /**
   * Changes limits; what is absent stays.
   *
   * @param overhead bytes to add to limits of memory
   * @return warnings about what has no effect
   */
  public List<String> update(Resources resources, long overhead) throws CgroupException {
    return new Limits(this, host.tree()).apply(resources, overhead);
  }

  /** Puts a process of the host into it, with all its threads. */
  public void add(int pid) throws CgroupException {
    for (String directory : paths()) {
      try {
        host.tree().write(directory + "/cgroup.procs", Integer.toString(pid));
      } catch (HostException e) {
        throw new CgroupException("putting process " + pid + " into a cgroup: " + e.getMessage());
      }
    }
  }

  /** Processes of the host in it and below, each once; none when it is not there. */
  public List<Integer> pids() throws CgroupException {
    String directory = main();
    List<Integer> pids = new ArrayList<>();
    if (directory != null) {
      try {
        collect(directory, pids, 0);
      } catch (HostException e) {
        throw new CgroupException("listing processes: " + e.getMessage());
      }
    }
    return pids.stream().distinct().sorted().toList();
  }

  /**
   * Stops all its processes, and returns when they stand still.
   *
   * @throws CgroupException when this host cannot, or they do not within ten seconds; then they run
   *     on
   */
  public void freeze() throws CgroupException {
    try {
      freezer(true);
    } catch (CgroupException e) {
      try {
        freezer(false);
      } catch (CgroupException ignored) {
        // The first failure is the one to tell.
      }
      throw e;
    }
  }

  /** Lets its processes go on. */
  public void thaw() throws CgroupException {
    freezer(false);
  }

  /** Whether its processes were stopped by {@link #freeze}. */
  public boolean frozen() throws CgroupException {
    String v1Directory = v1.get("freezer");
    if (v1Directory != null) {
      return !"THAWED".equals(readOr(v1Directory + "/freezer.state", "THAWED"));
    }
    return unified != null && "1".equals(readOr(unified + "/cgroup.freeze", "0"));
  }

  /** What it has used so far. */
  public CgroupStats statistics() throws CgroupException {
    return CgroupStats.of(this);
  }

  /**
   * Kills all its processes, frozen or not, and waits for them to be gone.
   *
   * @param millis how long to wait
   * @return whether none is left; zombies whose parent does not wait for them count as left
   */
  public boolean kill(long millis) throws CgroupException {
    long deadline = System.nanoTime() + millis * 1_000_000;
    int wait = FIRST_WAIT_MILLIS;
    if (unified != null && host.tree().exists(unified + "/cgroup.kill")) {
      try {
        host.tree().write(unified + "/cgroup.kill", "1");
      } catch (HostException e) {
        // One by one then.
      }
    }
    while (true) {
      List<Integer> pids = pids();
      if (pids.isEmpty()) {
        return true;
      }
      for (int pid : pids) {
        HostCall.call(Sys.KILL, pid, SIGKILL);
      }
      if (v1.containsKey("freezer") && frozen()) {
        thaw();
      }
      if (System.nanoTime() > deadline || !CgroupDirectories.pause(wait)) {
        return false;
      }
      wait = Math.min(2 * wait, LONGEST_WAIT_MILLIS);
    }
  }

  /**
   * Removes its directories and what is below them, as far as they are there. A cgroup whose last
   * process ended a moment ago is busy for a while.
   *
   * @param millis how long to try
   * @throws CgroupException when one is still in use then
   */
  public void remove(long millis) throws CgroupException {
    for (String directory : paths()) {
      String name = directory.substring(directory.lastIndexOf('/') + 1);
      boolean unit = name.endsWith(".scope") && SystemdScope.running(host.tree());
      if (unit && host.tree().exists(directory)) {
        try {
          SystemdScope.run(SystemdScope.stop(name));
        } catch (CgroupException e) {
          // It ended with its last process; a failed one is forgotten on request only.
        }
        try {
          SystemdScope.run(SystemdScope.reset(name));
        } catch (CgroupException e) {
          // It had not failed.
        }
      }
    }
    new CgroupDirectories(host.tree()).remove(paths(), millis);
  }

  /** The directory whose files limit memory; null when this host limits none. */
  public @Nullable String memoryDirectory() {
    String directory = v1("memory");
    return directory != null ? directory : v2("memory");
  }

  @Nullable String v1(String controller) {
    return v1.get(controller);
  }

  /** The directory of v2 when a controller is on there; else null. */
  @Nullable String v2(String controller) {
    if (unified == null) {
      return null;
    }
    String all = " " + readOr(unified + "/cgroup.controllers", "") + " ";
    return all.contains(" " + controller + " ") ? unified : null;
  }

  /** The directory of v2 whatever is on there; null when this host has none. */
  @Nullable String v2() {
    return unified;
  }

  /** The text of a file; something else when it is not there or cannot be read. */
  String readOr(String file, String otherwise) {
    try {
      String text = host.tree().read(file);
      return text == null ? otherwise : text;
    } catch (HostException e) {
      return otherwise;
    }
  }

  private boolean cpuset(CgroupHost.Hierarchy hierarchy) {
    return hierarchy.equals(host.v1().get("cpuset"));
  }

  /** A directory that has all the processes; null when there is none at all. */
  private @Nullable String main() {
    for (String controller : new String[] {"pids", "freezer", "memory", "cpu", "devices"}) {
      String directory = v1.get(controller);
      if (directory != null) {
        return directory;
      }
    }
    List<String> all = paths();
    return all.isEmpty() ? null : all.getLast();
  }

  private void collect(String directory, List<Integer> into, int depth) throws HostException {
    String text = host.tree().read(directory + "/cgroup.procs");
    if (text == null || depth > MAX_DEPTH) {
      return;
    }
    for (String line : text.split("\n", -1)) {
      if (!line.isEmpty() && !line.equals("0")) {
        into.add(Integer.parseInt(line));
      }
    }
    for (String child : host.tree().children(directory)) {
      collect(directory + "/" + child, into, depth + 1);
    }
  }

  private void freezer(boolean freeze) throws CgroupException {
    String directory = v1.get("freezer");
    String file;
    String value;
    if (directory != null) {
      file = directory + "/freezer.state";
      value = freeze ? "FROZEN" : "THAWED";
    } else if (unified != null && host.tree().exists(unified + "/cgroup.freeze")) {
      file = unified + "/cgroup.freeze";
      value = freeze ? "1" : "0";
    } else {
      throw new CgroupException(
          "the container cannot be paused: this host has no writable cgroup controller freezer");
    }
    long deadline = System.nanoTime() + FREEZE_MILLIS * 1_000_000;
    int wait = FIRST_WAIT_MILLIS;
    try {
      while (true) {
        // On v1, a process that is being born escapes, and the state stays FREEZING until asked
        // again.
        host.tree().write(file, value);
        boolean done =
            directory != null
                ? value.equals(host.tree().read(file))
                : ("\n" + readOr(unified + "/cgroup.events", "") + "\n")
                    .contains("\nfrozen " + value + "\n");
        if (done) {
          return;
        }
        if (System.nanoTime() > deadline || !CgroupDirectories.pause(wait)) {
          throw new CgroupException(
              "the container's processes did not " + (freeze ? "stop" : "go on") + " in time");
        }
        wait = Math.min(2 * wait, LONGEST_WAIT_MILLIS);
      }
    } catch (HostException e) {
      throw new CgroupException(
          (freeze ? "pausing" : "resuming") + " the container: " + e.getMessage());
    }
  }
}
