package dev.bulwark.runtime;

import dev.bulwark.control.MountSpec;
import java.util.List;

/** What a sandbox gets unless it is told otherwise. */
public final class Defaults {
  /** Capabilities of root (docker run's default set), a bit each. */
  public static final long CAPABILITIES = 0xa80425fbL;

  private static final long UNTRUSTED = MountSpec.NO_SUID | MountSpec.NO_DEV;

  /** What a container finds besides its root file system (OCI runtime specification). */
  public static final List<MountSpec> MOUNTS =
      List.of(
          virtual("/proc", "proc", "proc", UNTRUSTED | MountSpec.NO_EXEC, ""),
          virtual(
              "/sys", "sysfs", "sysfs", UNTRUSTED | MountSpec.NO_EXEC | MountSpec.READ_ONLY, ""),
          virtual(
              "/sys/fs/cgroup",
              "cgroup2",
              "cgroup",
              UNTRUSTED | MountSpec.NO_EXEC | MountSpec.READ_ONLY,
              ""),
          virtual("/dev", "devtmpfs", "devtmpfs", MountSpec.NO_SUID, ""),
          virtual("/dev/pts", "devpts", "devpts", MountSpec.NO_SUID | MountSpec.NO_EXEC, ""),
          virtual("/dev/shm", "tmpfs", "shm", UNTRUSTED, "mode=1777"),
          virtual("/dev/mqueue", "mqueue", "mqueue", UNTRUSTED | MountSpec.NO_EXEC, ""));

  private Defaults() {}

  private static MountSpec virtual(
      String destination, String type, String source, long flags, String data) {
    return new MountSpec(destination, type, source, MountSpec.NO_TREE, flags, data);
  }
}
