package dev.bulwark.runtime.container;

import dev.bulwark.control.DeviceSpec;
import dev.bulwark.control.MountSpec;
import dev.bulwark.control.RootMode;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostPath;
import dev.bulwark.runtime.Tree;
import dev.bulwark.runtime.oci.Config;
import dev.bulwark.runtime.oci.DeviceSupport;
import dev.bulwark.runtime.oci.Linux;
import dev.bulwark.runtime.oci.Mount;
import dev.bulwark.runtime.oci.MountOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files of a container: trees of the host for the Gofer, opened once and never looked up again,
 * and what the Sentry mounts where.
 */
final class MountTranslation {
  private static final int OPEN_TREE = HostPath.O_PATH | HostPath.O_CLOEXEC;
  private static final int NODE_MODE = 0666;
  private static final int CHARACTER = 0020000;
  private static final int FIFO = 0010000;

  /** Destinations of bind mounts in which sockets of the host can be connected to, with commas. */
  private static final String HOST_SOCKETS = "dev.bulwark.host-sockets";

  /** Keeps changes of the root file system from the host. */
  private static final String OVERLAY = "dev.bulwark.overlay";

  private final String bundle;
  private final Set<String> withSockets;
  private final List<Tree> trees = new ArrayList<>();
  private final List<MountSpec> mounts = new ArrayList<>();
  private final List<DeviceSpec> devices = new ArrayList<>();

  private MountTranslation(String bundle, String withSockets) {
    this.bundle = bundle;
    this.withSockets =
        withSockets.isEmpty() ? Set.of() : new TreeSet<>(List.of(withSockets.split(",", -1)));
  }

  /**
   * Opens the trees of a configuration.
   *
   * @param bundle absolute path, to which relative sources belong
   * @param rootfs absolute path of the root file system
   * @throws ContainerException when one is not there
   */
  static MountTranslation of(String bundle, String rootfs, Config config)
      throws ContainerException {
    MountTranslation files =
        new MountTranslation(bundle, config.annotations().getOrDefault(HOST_SOCKETS, ""));
    files.checkSockets(config);
    RootMode mode = rootMode(config);
    try {
      // Places to mount on may have to be made below a root that the container cannot write.
      files.trees.add(
          // Engines change a running container's files as well: docker cp.
          new Tree(
              HostIo.open(rootfs, OPEN_TREE | HostPath.O_DIRECTORY, 0),
              mode == RootMode.OVERLAY,
              mode != RootMode.OVERLAY,
              false));
    } catch (HostException failure) {
      throw new ContainerException(
          "the root file system " + rootfs + " cannot be used: " + failure.getMessage());
    }
    files.addDevices(config.linux());
    boolean bareDevices = false;
    for (Mount mount : config.mounts()) {
      files.add(mount);
      if (mount.destination().equals("/dev")) {
        bareDevices = mount.type().equals("tmpfs");
      }
    }
    if (bareDevices) {
      files.addDevices(config.process().terminal());
    }
    return files;
  }

  /**
   * What becomes of writes to the root file system.
   *
   * @throws ContainerException when the annotation about that makes no sense
   */
  static RootMode rootMode(Config config) throws ContainerException {
    String value = config.annotations().get(OVERLAY);
    if (value != null && !value.equals("memory")) {
      throw new ContainerException(
          "annotations."
              + OVERLAY
              + ": is '"
              + value
              + "': set it to memory, so that changes of the root file system are kept in the"
              + " sandbox's memory, or leave it out");
    }
    if (config.root().readonly()) {
      return RootMode.READ_ONLY;
    }
    return value == null ? RootMode.WRITE_THROUGH : RootMode.OVERLAY;
  }

  private void checkSockets(Config config) throws ContainerException {
    for (String destination : withSockets) {
      boolean bound =
          config.mounts().stream()
              .anyMatch(
                  mount ->
                      mount.destination().equals(destination) && MountOptions.of(mount).bind());
      if (!bound) {
        throw new ContainerException(
            "config.json: annotations: "
                + HOST_SOCKETS
                + " names "
                + destination
                + ", where there is no bind mount: name destinations of bind mounts, with commas"
                + " between them");
      }
    }
  }

  private void add(Mount mount) throws ContainerException {
    MountOptions options = MountOptions.of(mount);
    boolean bind = options.bind();
    long flags = (options.flags() | options.recursiveFlags()) & ~options.cleared();
    int tree = MountSpec.NO_TREE;
    if (bind) {
      tree = trees.size();
      boolean sockets = withSockets.contains(mount.destination());
      if (sockets) {
        System.err.println(
            "bulwark: warning: the container may connect to every socket of the host in "
                + mount.source()
                + ", because the annotation "
                + HOST_SOCKETS
                + " says so");
      }
      trees.add(new Tree(open(mount), (flags & MountOptions.MS_RDONLY) != 0, true, sockets));
    }
    mounts.add(
        new MountSpec(
            mount.destination(),
            bind ? MountSpec.BIND : mount.type(),
            mount.source(),
            tree,
            flags,
            bind ? "" : String.join(",", options.data())));
  }

  private int open(Mount mount) throws ContainerException {
    String source = mount.source().startsWith("/") ? mount.source() : bundle + "/" + mount.source();
    try {
      return HostIo.open(source, OPEN_TREE, 0);
    } catch (HostException failure) {
      throw new ContainerException(
          "the source of the mount at "
              + mount.destination()
              + " cannot be used: "
              + failure.getMessage());
    }
  }

  /** What the configuration lists, before the defaults, which leave alone what is there. */
  private void addDevices(Linux linux) {
    for (Linux.Device device : linux.devices()) {
      // The one belongs to the terminal, the other to the devpts that is mounted.
      boolean ours = device.path().equals("/dev/console") || device.path().equals("/dev/ptmx");
      if (!ours && DeviceSupport.served(device)) {
        Integer mode = device.fileMode();
        Integer uid = device.uid();
        Integer gid = device.gid();
        devices.add(
            new DeviceSpec(
                device.path(),
                (device.type() == 'p' ? FIFO : CHARACTER) | (mode == null ? NODE_MODE : mode),
                device.major(),
                device.minor(),
                uid == null ? 0 : uid,
                gid == null ? 0 : gid,
                ""));
      }
    }
    List<Linux.Device> without = DeviceSupport.leftOut(linux);
    if (!without.isEmpty()) {
      System.err.println(
          "bulwark: warning: the container goes without "
              + without.size()
              + " devices of the host, such as "
              + without.getFirst().path()
              + ": no device of the host is reachable from a sandbox");
    }
  }

  /** What the specification wants in every container's /dev (default devices). */
  private void addDevices(boolean terminal) {
    devices.add(DeviceSpec.character("/dev/null", 1, 3));
    devices.add(DeviceSpec.character("/dev/zero", 1, 5));
    devices.add(DeviceSpec.character("/dev/full", 1, 7));
    devices.add(DeviceSpec.character("/dev/random", 1, 8));
    devices.add(DeviceSpec.character("/dev/urandom", 1, 9));
    devices.add(DeviceSpec.character("/dev/tty", 5, 0));
    devices.add(DeviceSpec.link("/dev/fd", "/proc/self/fd"));
    devices.add(DeviceSpec.link("/dev/stdin", "/proc/self/fd/0"));
    devices.add(DeviceSpec.link("/dev/stdout", "/proc/self/fd/1"));
    devices.add(DeviceSpec.link("/dev/stderr", "/proc/self/fd/2"));
    devices.add(DeviceSpec.link("/dev/core", "/proc/kcore"));
    devices.add(DeviceSpec.link("/dev/ptmx", "pts/ptmx"));
    if (terminal) {
      devices.add(new DeviceSpec("/dev/console", CHARACTER | NODE_MODE, 5, 1, 0, 0, ""));
    }
  }

  List<Tree> trees() {
    return trees;
  }

  List<MountSpec> mounts() {
    return mounts;
  }

  List<DeviceSpec> devices() {
    return devices;
  }

  void close() {
    trees.forEach(tree -> HostIo.close(tree.fd()));
  }
}
