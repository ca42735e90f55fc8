package dev.bulwark.sentry.fs.sys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.fs.proc.SystemView;
import dev.bulwark.sentry.io.Bounce;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.FsContext;
import dev.bulwark.sentry.vfs.MountNamespace;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Opener;
import org.junit.jupiter.api.Test;

final class SysSystemTest {
  private static final SystemView VIEW =
      new SystemView() {
        @Override
        public int processors() {
          return 40;
        }

        @Override
        public long memoryTotal() {
          return 1 << 20;
        }

        @Override
        public long memoryUsed() {
          return 1 << 10;
        }

        @Override
        public long cpuCapabilities() {
          return 0;
        }
      };

  private final FsContext fs =
      FsContext.at(new MountNamespace(new SysSystem(VIEW), 0, "sysfs").root());
  private final Credentials user = Credentials.of(1, 1, new int[0], 0);

  private String read(String path) throws ErrnoException {
    try (FileDescription file = new Opener(fs.walk(user), null).open(path, OpenFlags.RDONLY, 0);
        Bounce bounce = new Bounce(4096)) {
      int n = (int) ErrnoException.check(file.read(bounce.buffer(4096), -1));
      byte[] bytes = new byte[n];
      bounce.copyTo(bytes, 0, n);
      return new String(bytes, ISO_8859_1);
    }
  }

  @Test
  void processorsAreListed() throws Exception {
    assertEquals("0-39\n", read("/devices/system/cpu/online"));
    assertEquals("39\n", read("/devices/system/cpu/cpu39/topology/core_id"));
    assertEquals("ff,ffffffff\n", read("/devices/system/node/node0/cpumap"));
    assertEquals("80,00000000\n", read("/devices/system/cpu/cpu39/topology/core_cpus"));
  }

  @Test
  void placesForMountsAreThere() throws Exception {
    assertTrue(fs.walk(user).find("/fs/cgroup", true).inode().isDirectory());
    assertTrue(fs.walk(user).find("/class/net", true).inode().isDirectory());
  }

  @Test
  void hugePagesAreOff() throws Exception {
    assertEquals("always madvise [never]\n", read("/kernel/mm/transparent_hugepage/enabled"));
    assertTrue(
        read("/devices/system/node/node0/meminfo").contains("MemTotal:           1024 kB\n"));
  }
}
