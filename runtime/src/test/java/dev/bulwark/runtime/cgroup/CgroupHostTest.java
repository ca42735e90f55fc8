package dev.bulwark.runtime.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CgroupHostTest {
  private static final String V2 =
      "25 1 0:22 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
  private static final String HYBRID =
      """
      24 1 0:21 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs ro,mode=755
      25 24 0:22 / /sys/fs/cgroup/unified rw,nosuid shared:4 - cgroup2 cgroup2 rw
      26 24 0:23 / /sys/fs/cgroup/systemd rw,nosuid - cgroup cgroup rw,xattr,name=systemd
      27 24 0:24 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid - cgroup cgroup rw,cpu,cpuacct
      28 24 0:25 /docker/a /sys/fs/cgroup/with\\040space ro,nosuid - cgroup cgroup rw,memory
      """;

  @Test
  void versionTwoAlone() {
    CgroupHost host = CgroupHost.of(new FakeCgroupTree("/x", ""), V2, "0::/user.slice/a.scope\n");
    assertTrue(host.onlyUnified());
    assertEquals(
        new CgroupHost.Hierarchy("/sys/fs/cgroup", false, "/sys/fs/cgroup/user.slice/a.scope"),
        host.unified());
  }

  @Test
  void bothVersions() {
    String own = "4:memory:/docker/a/b\n3:cpu,cpuacct:/c\n1:name=systemd:/s\n0::/u\n";
    CgroupHost host = CgroupHost.of(new FakeCgroupTree("/x", ""), HYBRID, own);
    assertFalse(host.onlyUnified());
    assertEquals(Set.of("cpu", "cpuacct", "memory"), host.v1().keySet());
    assertEquals(2, host.hierarchies().size());
    assertEquals(
        new CgroupHost.Hierarchy("/sys/fs/cgroup/with space", true, "/sys/fs/cgroup/with space/b"),
        host.v1().get("memory"));
    assertEquals(
        "/sys/fs/cgroup/cpu,cpuacct/c", Objects.requireNonNull(host.v1().get("cpu")).own());
    assertEquals("/sys/fs/cgroup/unified/u", Objects.requireNonNull(host.unified()).own());
  }

  @Test
  void damagedLinesAreSkipped() {
    CgroupHost host = CgroupHost.of(new FakeCgroupTree("/x", ""), "a b - cgroup2\n\n- x", "::\nq");
    assertTrue(host.v1().isEmpty());
  }

  @Test
  void thisHostHasSome() throws CgroupException {
    CgroupHost host = CgroupHost.current();
    assertNotNull(host.v1().isEmpty() ? host.unified() : host.v1());
  }

  @Test
  void pathsOfThePlainDriver() throws CgroupException {
    assertEquals(new CgroupPath(false, "bulwark/c1", "", ""), CgroupPath.of("", "c1", false));
    assertEquals(new CgroupPath(false, "a/b", "", ""), CgroupPath.of("//a/./b/", "c1", false));
    assertEquals(new CgroupPath(true, "a", "", ""), CgroupPath.of("a", "c1", false));
    assertEquals("x", CgroupPath.of("/../../x", "c1", false).path());
    assertThrows(CgroupException.class, () -> CgroupPath.of("/..", "c1", false));
  }

  @Test
  void pathsOfTheSystemdDriver() throws CgroupException {
    assertEquals(
        new CgroupPath(false, "system.slice/docker-ab.scope", "docker-ab.scope", "system.slice"),
        CgroupPath.of("system.slice:docker:ab", "c1", true));
    assertEquals(
        "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/cri-c.scope",
        CgroupPath.of("kubepods-burstable-pod1.slice:cri:c", "c1", true).path());
    assertEquals("system.slice/bulwark-c1.scope", CgroupPath.of("", "c1", true).path());
    assertEquals("p-n.scope", CgroupPath.of("-.slice:p:n", "c1", true).path());
    assertEquals("system.slice/n.slice", CgroupPath.of(":p:n.slice", "c1", true).path());
    for (String bad :
        List.of(
            "/a/b", "a:b", "a:b:c:d", "x:y:z", "a--b.slice:y:z", "a.slice:y:", "a.slice:y:/z")) {
      assertThrows(CgroupException.class, () -> CgroupPath.of(bad, "c1", true), bad);
    }
  }

  @Test
  void relativePathsBeginAtTheRuntimesOwnCgroup() throws CgroupException {
    CgroupHost host = CgroupHost.of(new FakeCgroupTree("/x", ""), V2, "0::/user.slice/a.scope\n");
    CgroupPath path = CgroupPath.of("rel", "c1", false);
    CgroupHost.Hierarchy unified = Objects.requireNonNull(host.unified());
    assertEquals("/sys/fs/cgroup/user.slice/rel", path.in(unified, true));
    assertEquals("/sys/fs/cgroup/user.slice/a.scope/rel", path.in(unified, false));
  }

  @Test
  void systemdIsAskedForAScopeWithTheProcess() throws CgroupException {
    assertEquals(
        List.of(
            ("busctl|call|org.freedesktop.systemd1|/org/freedesktop/systemd1"
                    + "|org.freedesktop.systemd1.Manager|StartTransientUnit|ssa(sv)a(sa(sv))"
                    + "|d-x.scope|replace|5|Description|s|Bulwark container x"
                    + "|DefaultDependencies|b|false|Slice|s|system.slice|Delegate|b|true"
                    + "|PIDs|au|1|42|0")
                .split("\\|", -1)),
        SystemdScope.start(CgroupPath.of("system.slice:d:x", "x", true), "x", 42));
  }
}
