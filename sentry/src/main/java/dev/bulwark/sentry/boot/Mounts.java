package dev.bulwark.sentry.boot;

import dev.bulwark.control.DeviceSpec;
import dev.bulwark.control.MountSpec;
import dev.bulwark.control.RootMode;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.fs.cgroup.CgroupSystem;
import dev.bulwark.sentry.fs.dev.DevTree;
import dev.bulwark.sentry.fs.devpts.Devpts;
import dev.bulwark.sentry.fs.proc.MachineView;
import dev.bulwark.sentry.fs.proc.ProcSystem;
import dev.bulwark.sentry.fs.sys.SysSystem;
import dev.bulwark.sentry.fs.tmpfs.Tmpfs;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.vfs.AttributeChange;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.DeviceNumber;
import dev.bulwark.sentry.vfs.FileSystem;
import dev.bulwark.sentry.vfs.FileSystemTypes;
import dev.bulwark.sentry.vfs.FsContext;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.MountFlags;
import dev.bulwark.sentry.vfs.MountNamespace;
import dev.bulwark.sentry.vfs.Names;

/**
 * Mounts what a specification lists over the root file system, makes the devices, and hides what is
 * to be hidden. Paths are resolved inside: a symbolic link of the image leads nowhere else.
 */
final class Mounts {

  private final Kernel kernel;
  private final GoferFiles gofer;
  private final MachineView view;

  Mounts(Kernel kernel, GoferFiles gofer) {
    this.kernel = kernel;
    this.gofer = gofer;
    this.view = new MachineView(kernel);
    DevTree.register(kernel.specialFiles());
    types();
  }

    types.register("cgroup", _ -> new CgroupSystem(kernel));
    types.register("cgroup2", _ -> new CgroupSystem(kernel));
    types.register("mqueue", _ -> kernel.mqueues());
  /**
   * Mounts everything.
   *
   * @return the root directory of the sandbox
   * @throws StartFailure with a sentence that names what cannot be mounted
   */
  Location over(FileSystem root, SandboxSpec spec) throws ErrnoException, StartFailure {
    MountNamespace namespace = new MountNamespace(root, 0, "root");
    FsContext fs = FsContext.at(namespace.root());
    for (MountSpec mount : spec.mounts()) {
      try {
        mount(namespace, fs, mount);
      } catch (ErrnoException failure) {
        throw new StartFailure(
            StartFailure.RUNTIME_FAILED,
            "mounting "
                + mount.type()
                + " at "
                + mount.destination()
                + " failed: "
                + failure.getMessage());
      }
    }
    for (DeviceSpec device : spec.devices()) {
      make(fs, device);
    }
    if (spec.root() == RootMode.READ_ONLY) {
      namespace.setFlags(namespace.rootMount(), MountFlags.RDONLY);
    }
    return namespace.root();
  }

  private void mount(MountNamespace namespace, FsContext fs, MountSpec mount)
      throws ErrnoException {
    FileSystem what =
        mount.tree() == MountSpec.NO_TREE
            ? kernel.fileSystemTypes().make(mount.type(), mount.data())
            : gofer.tree(mount.tree());
    boolean directory = what.rootDentry().existing().isDirectory();
    Location at = new MountPoint(fs).find(mount.destination(), directory);
    namespace.mount(at, what.rootDentry(), (int) mount.flags(), mount.source());
  }

  private static void make(FsContext fs, DeviceSpec device) throws ErrnoException {
    MountPoint places = new MountPoint(fs);
    try {
      if ((device.mode() & Attributes.TYPE_MASK) == Attributes.SYMLINK) {
        Names.symlink(places.walk(), device.path(), device.target());
      } else {
        long number = DeviceNumber.of(device.major(), device.minor());
        Names.mknod(places.walk(), device.path(), device.mode(), number);
        if (device.uid() != 0 || device.gid() != 0) {
          Location made = places.walk().find(device.path(), false);
          made.inode().setAttributes(AttributeChange.ofOwner(device.uid(), device.gid()));
        }
      }
    } catch (ErrnoException failure) {
      if (failure.errno() != Errno.EEXIST) {
        throw failure;
      }
    }
  }

  /** What applications can mount themselves. */
  private void types() {
    FileSystemTypes types = kernel.fileSystemTypes();
    types.register("cgroup", _ -> new CgroupSystem(kernel));
    types.register("cgroup2", _ -> new CgroupSystem(kernel));
    types.register("mqueue", _ -> kernel.mqueues());
    types.register("tmpfs", this::tmpfs);
    types.register("ramfs", this::tmpfs);
    types.register("proc", _ -> new ProcSystem(kernel));
    types.register("sysfs", _ -> new SysSystem(view));
    types.register("devtmpfs", _ -> DevTree.build());
    types.register("devpts", _ -> new Devpts(kernel.terminals()));
  }

  private FileSystem tmpfs(String options) throws ErrnoException {
    Tmpfs made = Tmpfs.mount(options, view.memoryTotal() / 2);
    kernel.account().measure(made, made::bytesUsed);
    return made;
  }
}
