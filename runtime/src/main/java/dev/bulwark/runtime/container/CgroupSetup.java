package dev.bulwark.runtime.container;

import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.runtime.Wall;
import dev.bulwark.runtime.cgroup.Cgroup;
import dev.bulwark.runtime.cgroup.CgroupException;
import dev.bulwark.runtime.cgroup.CgroupPath;
import dev.bulwark.runtime.keeper.Plan;
import dev.bulwark.runtime.oci.Config;
import java.util.ArrayList;
import java.util.List;

/** The control groups of the host that hold all processes of a container's sandbox. */
final class CgroupSetup implements AutoCloseable {
  private static final int O_WRONLY = 1;
  private static final int O_RDWR = 2;
  private static final long END_MILLISECONDS = 10_000;

  private final Cgroup cgroup;
  private final List<Integer> opened = new ArrayList<>();

  private CgroupSetup(Cgroup cgroup) {
    this.cgroup = cgroup;
  }

  /** Makes them, after their paths were written down. */
  static CgroupSetup of(Container container, Config config, Settings settings, Wall wall)
      throws ContainerException, HostException {
    try {
      CgroupPath path =
          CgroupPath.of(config.linux().cgroupsPath(), container.id(), settings.systemdCgroup());
      Cgroup cgroup = Cgroup.planned(path);
      container.keep(container.record().withCgroups(cgroup.paths()));
      // A scope of systemd begins with a process: this one, which goes as soon as all is made.
      int pid = path.unit().isEmpty() ? 0 : (int) ProcessHandle.current().pid();
      List<String> warnings =
          cgroup.create(
              container.id(),
              ResourceTranslation.forHost(config.linux().resources()),
              wall.overheadBytes(),
              pid);
      warnings.forEach(warning -> System.err.println("bulwark: " + warning));
      return new CgroupSetup(cgroup);
    } catch (CgroupException failure) {
      throw new ContainerException(failure.getMessage());
    }
  }

  /** Lets a keeper enter them, with what it starts, and tell them of a lack of memory. */
  void addTo(Plan plan) throws HostException {
    for (String directory : cgroup.paths()) {
      int procs = open(directory + "/cgroup.procs", O_WRONLY);
      plan.cgroup("entering the cgroup " + directory, procs);
    }
    String memory = cgroup.memoryDirectory();
    if (memory != null) {
      boolean unified = cgroup.paths().getLast().equals(memory) && exists(memory + "/memory.max");
      plan.memory(
          open(memory + (unified ? "/memory.max" : "/memory.limit_in_bytes"), O_RDWR),
          open(memory + (unified ? "/memory.current" : "/memory.usage_in_bytes"), 0));
    }
  }

  private static boolean exists(String path) {
    try {
      HostIo.close(HostIo.open(path, 0, 0));
      return true;
    } catch (HostException absent) {
      return false;
    }
  }

  private int open(String path, int flags) throws HostException {
    int fd = HostIo.open(path, flags, 0);
    opened.add(fd);
    return fd;
  }

  @Override
  public void close() {
    opened.forEach(HostIo::close);
    opened.clear();
  }

  /** Those of a container. */
  static Cgroup of(Container container) throws ContainerException {
    try {
      return Cgroup.of(container.record().cgroups());
    } catch (CgroupException failure) {
      throw new ContainerException(failure.getMessage());
    }
  }

  static void freeze(Container container) throws ContainerException, HostException {
    try {
      of(container).freeze();
      container.keep(container.record().paused(true));
    } catch (CgroupException failure) {
      throw new ContainerException(failure.getMessage());
    }
  }

  static void thaw(Container container) throws ContainerException, HostException {
    try {
      of(container).thaw();
      container.keep(container.record().paused(false));
    } catch (CgroupException failure) {
      throw new ContainerException(failure.getMessage());
    }
  }

  /** Kills what is left in them, and removes them. */
  static void remove(Container container) throws ContainerException {
    if (container.record().cgroups().isEmpty()) {
      return;
    }
    try {
      Cgroup cgroup = of(container);
      cgroup.kill(END_MILLISECONDS);
      cgroup.remove(END_MILLISECONDS);
    } catch (CgroupException failure) {
      throw new ContainerException(failure.getMessage());
    }
  }
}
