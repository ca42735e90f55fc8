package dev.bulwark.sentry.boot;

import dev.bulwark.control.DeviceSpec;
import dev.bulwark.control.MountSpec;
import dev.bulwark.control.RootMode;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.fs.cgroup.CgroupSystem;
import dev.bulwark.sentry.fs.dev.DevTree;
import dev.bulwark.sentry.fs.devpts.Devpts;
import dev.bulwark.sentry.fs.proc.MachineView;
import dev.bulwark.sentry.fs.proc.ProcSystem;
import dev.bulwark.sentry.fs.proc.SysctlFiles;
import dev.bulwark.sentry.fs.sys.SysSystem;
import dev.bulwark.sentry.fs.tmpfs.Tmpfs;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.vfs.AttributeChange;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.ContainerMounts;
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
  private static final Credentials KERNEL = Credentials.of(0, 0, new int[0], -1L);

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

  /**
   * Mounts everything.
   *
   * @return the root directory of the sandbox
   * @throws StartFailure with a sentence that names what cannot be mounted
   */
  Location over(FileSystem root, SandboxSpec spec) throws ErrnoException, StartFailure {
    MountNamespace namespace = new MountNamespace(root, 0, "root");
    ContainerMounts mounts = new ContainerMounts(namespace, Mounts::empty);
    for (MountSpec mount : spec.mounts()) {
      try {
        mount(mounts, mount);
      } catch (ErrnoException failure) {
        throw failed("mounting " + mount.type() + " at " + mount.destination(), failure);
      }
    }
    for (DeviceSpec device : spec.devices()) {
      try {
        make(namespace, device);
      } catch (ErrnoException failure) {
        throw failed("making " + device.path(), failure);
      }
    }
    hide(mounts, spec);
    sysctls(spec);
    if (spec.root() == RootMode.READ_ONLY) {
      mounts.remount("/", MountFlags.RDONLY, 0, false);
      gofer.seal(0);
    }
    return namespace.root();
  }

  private static StartFailure failed(String what, ErrnoException why) {
    return new StartFailure(StartFailure.RUNTIME_FAILED, what + " failed: " + why.getMessage());
  }

  private void mount(ContainerMounts mounts, MountSpec mount) throws ErrnoException {
    FileSystem what =
        mount.tree() == MountSpec.NO_TREE
            ? kernel.fileSystemTypes().make(mount.type(), mount.data())
            : gofer.tree(mount.tree());
    mounts.mount(what, mount.destination(), (int) mount.flags(), mount.source());
  }

  private static void hide(ContainerMounts mounts, SandboxSpec spec) throws StartFailure {
    try {
      // A device of our own: an image need not have /dev/null, or may have something else there.
      Location nothing =
          new ContainerMounts(new MountNamespace(DevTree.build(), 0, "devtmpfs"), Mounts::empty)
              .find("/null");
      for (String path : spec.readonlyPaths()) {
        mounts.protect(path);
      }
      for (String path : spec.maskedPaths()) {
        mounts.mask(path, nothing);
      }
    } catch (ErrnoException failure) {
      throw failed("hiding linux.maskedPaths and protecting linux.readonlyPaths", failure);
    }
  }

  private void sysctls(SandboxSpec spec) throws StartFailure, ErrnoException {
    for (String each : spec.sysctls()) {
      int equals = each.indexOf('=');
      String name = each.substring(0, equals);
      String refused = SysctlFiles.set(kernel.names(), name, each.substring(equals + 1));
      if (refused != null) {
        throw new StartFailure(
            StartFailure.RUNTIME_FAILED, "linux.sysctl: " + name + " " + refused);
      }
    }
  }

  private static FileSystem empty() {
    return new Tmpfs(0, 0755, 0, 0);
  }

  private static void make(MountNamespace namespace, DeviceSpec device) throws ErrnoException {
    FsContext fs = FsContext.at(namespace.root());
    try {
      if ((device.mode() & Attributes.TYPE_MASK) == Attributes.SYMLINK) {
        Names.symlink(fs.walk(KERNEL), device.path(), device.target());
      } else {
        long number = DeviceNumber.of(device.major(), device.minor());
        Names.mknod(fs.walk(KERNEL), device.path(), device.mode(), number);
        if (device.uid() != 0 || device.gid() != 0) {
          Location made = fs.walk(KERNEL).find(device.path(), false);
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
