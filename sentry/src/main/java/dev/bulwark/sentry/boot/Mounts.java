package dev.bulwark.sentry.boot;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.fs.cgroup.CgroupSystem;
import dev.bulwark.sentry.fs.dev.DevTree;
import dev.bulwark.sentry.fs.devpts.Devpts;
import dev.bulwark.sentry.fs.proc.MachineView;
import dev.bulwark.sentry.fs.proc.ProcSystem;
import dev.bulwark.sentry.fs.sys.SysSystem;
import dev.bulwark.sentry.fs.tmpfs.Tmpfs;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileSystem;
import dev.bulwark.sentry.vfs.FileSystemTypes;
import dev.bulwark.sentry.vfs.FsContext;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.MountFlags;
import dev.bulwark.sentry.vfs.MountNamespace;
import dev.bulwark.sentry.vfs.NewFile;

/** Mounts what a container finds besides its root file system (OCI runtime specification). */
final class Mounts {
  private static final Credentials KERNEL = Credentials.of(0, 0, new int[0], -1L);
  private static final int UNTRUSTED = MountFlags.NOSUID | MountFlags.NODEV;

  private final MountNamespace namespace;

  private Mounts(MountNamespace namespace) {
    this.namespace = namespace;
  }

  /** A namespace over a root file system. */
  static MountNamespace over(FileSystem root, String source, Kernel kernel) throws ErrnoException {
    Mounts mounts = new Mounts(new MountNamespace(root, 0, source));
    MachineView view = new MachineView(kernel);
    DevTree.register(kernel.specialFiles());
    types(kernel, view);
    mounts.mount("/proc", new ProcSystem(kernel), UNTRUSTED | MountFlags.NOEXEC, "proc");
    mounts.mount(
        "/sys", new SysSystem(view), UNTRUSTED | MountFlags.NOEXEC | MountFlags.RDONLY, "sysfs");
    mounts.mount(
        "/sys/fs/cgroup",
        new CgroupSystem(kernel),
        UNTRUSTED | MountFlags.NOEXEC | MountFlags.RDONLY,
        "cgroup");
    mounts.mount("/dev", DevTree.build(), MountFlags.NOSUID, "devtmpfs");
    mounts.mount(
        "/dev/pts",
        new Devpts(kernel.terminals()),
        MountFlags.NOSUID | MountFlags.NOEXEC,
        "devpts");
    // As much as tmpfs(5) gives unless told otherwise: half of the memory there is.
    mounts.mount("/dev/shm", new Tmpfs(view.memoryTotal() / 2, 01777, 0, 0), UNTRUSTED, "shm");
    mounts.mount("/dev/mqueue", kernel.mqueues(), UNTRUSTED | MountFlags.NOEXEC, "mqueue");
    return mounts.namespace;
  }

  /** What applications can mount themselves. */
  private static void types(Kernel kernel, MachineView view) {
    FileSystemTypes types = kernel.fileSystemTypes();
    types.register("cgroup", _ -> new CgroupSystem(kernel));
    types.register("cgroup2", _ -> new CgroupSystem(kernel));
    types.register("tmpfs", options -> tmpfs(options, kernel, view));
    types.register("ramfs", options -> tmpfs(options, kernel, view));
    types.register("mqueue", _ -> kernel.mqueues());
    types.register("proc", _ -> new ProcSystem(kernel));
    types.register("sysfs", _ -> new SysSystem(view));
    types.register("devtmpfs", _ -> DevTree.build());
    types.register("devpts", _ -> new Devpts(kernel.terminals()));
  }

  private static FileSystem tmpfs(String options, Kernel kernel, MachineView view)
      throws ErrnoException {
    Tmpfs made = Tmpfs.mount(options, view.memoryTotal() / 2);
    kernel.account().measure(made, made::bytesUsed);
    return made;
  }

  /** Mounts at a directory, which is made when the root file system lacks it and can take it. */
  private void mount(String path, FileSystem what, int flags, String source) throws ErrnoException {
    namespace.mount(directory(path), what.rootDentry(), flags, source);
  }

  private Location directory(String path) throws ErrnoException {
    FsContext fs = FsContext.at(namespace.root());
    try {
      return fs.walk(KERNEL).find(path, true);
    } catch (ErrnoException failure) {
      if (failure.errno() != Errno.ENOENT) {
        throw failure;
      }
    }
    int slash = path.lastIndexOf('/');
    Location above = fs.walk(KERNEL).find(path.substring(0, slash) + "/", true);
    above.inode().mkdir(path.substring(slash + 1), new NewFile(Attributes.DIRECTORY | 0755, 0, 0));
    return fs.walk(KERNEL).find(path, true);
  }
}
