package dev.bulwark.runtime.container;

import dev.bulwark.control.DeviceSpec;
import dev.bulwark.control.MountSpec;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostPath;
import dev.bulwark.runtime.Tree;
import dev.bulwark.runtime.oci.Config;
import dev.bulwark.runtime.oci.Mount;
import dev.bulwark.runtime.oci.MountOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a container: trees of the host for the Gofer, opened once and never looked up again,
 * and what the Sentry mounts where.
 */
final class MountTranslation {
  private static final int OPEN_TREE = HostPath.O_PATH | HostPath.O_CLOEXEC;
  private static final int NODE_MODE = 0666;

  private final String bundle;
  private final List<Tree> trees = new ArrayList<>();
  private final List<MountSpec> mounts = new ArrayList<>();
  private final List<DeviceSpec> devices = new ArrayList<>();

  private MountTranslation(String bundle) {
    this.bundle = bundle;
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
    MountTranslation files = new MountTranslation(bundle);
    try {
      // Places to mount on may have to be made below a root that the container cannot write.
      files.trees.add(
          // Engines change a running container's files as well: docker cp.
          new Tree(HostIo.open(rootfs, OPEN_TREE | HostPath.O_DIRECTORY, 0), false, true));
    } catch (HostException failure) {
      throw new ContainerException(
          "the root file system " + rootfs + " cannot be used: " + failure.getMessage());
    }
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

  private void add(Mount mount) throws ContainerException {
    MountOptions options = MountOptions.of(mount);
    boolean bind = options.bind();
    long flags = (options.flags() | options.recursiveFlags()) & ~options.cleared();
    int tree = MountSpec.NO_TREE;
    if (bind) {
      tree = trees.size();
      trees.add(new Tree(open(mount), (flags & MountOptions.MS_RDONLY) != 0, true));
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
      devices.add(new DeviceSpec("/dev/console", 020000 | NODE_MODE, 5, 1, 0, 0, ""));
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
