package dev.bulwark.runtime.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.runtime.json.ConfigException;
import dev.bulwark.runtime.oci.Documents;
import dev.bulwark.runtime.oci.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real cgroups of this host, below a parent of the test's own. */
class HostCgroupTest {
  private static final long PATIENCE_MILLIS = 30_000;

  private final String parent = "bulwark-test-" + ProcessHandle.current().pid();
  private final CgroupTree tree = new HostCgroupTree();
  private CgroupHost host = new CgroupHost(tree, java.util.Map.of(), null);
  private Cgroup cgroup = Cgroup.of(host, List.of());
  private List<String> parents = List.of();

  @BeforeEach
  void plan() throws CgroupException {
    host = CgroupHost.current();
    cgroup = Cgroup.planned(host, CgroupPath.of("/" + parent + "/c1", "c1", false));
    parents = Cgroup.planned(host, CgroupPath.of("/" + parent, "c1", false)).paths();
    boolean able = !parents.isEmpty() && "root".equals(System.getProperty("user.name"));
    Assumptions.assumeTrue(able, "needs root, and cgroups that can be written to");
  }

  @AfterEach
  void remove() throws CgroupException {
    cgroup.kill(PATIENCE_MILLIS);
    new CgroupDirectories(tree).remove(parents, PATIENCE_MILLIS);
    for (String directory : parents) {
      assertFalse(tree.exists(directory), directory);
    }
  }

  @Test
  void aProcessLivesFreezesAndDiesInIt() throws Exception {
    Assumptions.assumeTrue(limited(), "needs the controllers memory, pids and cpu");
    Process child = new ProcessBuilder("cat").start();
    try {
      int pid = (int) child.pid();
      List<String> warnings =
          cgroup.create(
              "c1",
              resources(
                  "{\"memory\": {\"limit\": 67108864}, \"pids\": {\"limit\": 5},"
                      + " \"cpu\": {\"shares\": 512, \"quota\": 50000, \"period\": 100000,"
                      + " \"burst\": 1000}}"),
              4096,
              pid);
      assertEquals(List.of(), warnings);
      assertEquals(List.of(pid), cgroup.pids());
      CgroupStats stats = cgroup.statistics();
      assertEquals(67108864 + 4096, stats.memory().limit());
      assertEquals(new CgroupStats.Pids(1, 5), stats.pids());
      cgroup.update(resources("{\"memory\": {\"limit\": 33554432}, \"cpu\": {\"quota\": -1}}"), 0);
      assertEquals(33554432, cgroup.statistics().memory().limit());
      cgroup.update(resources("{\"cpu\": {\"quota\": 1000, \"period\": 2000}}"), 0);

      cgroup.freeze();
      assertTrue(cgroup.frozen());
      cgroup.thaw();
      assertFalse(cgroup.frozen());
      child.getOutputStream().write('x');
      child.getOutputStream().flush();
      assertEquals('x', child.getInputStream().read());

      cgroup.freeze();
      assertThrows(CgroupException.class, () -> cgroup.remove(0));
      Cgroup again = Cgroup.of(host, cgroup.paths());
      assertEquals(cgroup.paths(), again.paths());
      assertTrue(again.kill(PATIENCE_MILLIS));
      assertEquals(128 + 9, child.waitFor());
      again.remove(PATIENCE_MILLIS);
      for (String path : cgroup.paths()) {
        assertFalse(tree.exists(path), path);
      }
    } finally {
      child.destroyForcibly();
    }
  }

  @Test
  void impossibleLimitsAreNamed() throws Exception {
    Assumptions.assumeTrue(limited(), "needs the controllers memory, pids and cpu");
    String message =
        assertThrows(
                CgroupException.class,
                () -> cgroup.create("c1", resources("{\"cpu\": {\"period\": 1}}"), 0, 0))
            .getMessage();
    assertTrue(message.startsWith("linux.resources.cpu.period: cannot write 1 to "), message);
    message =
        assertThrows(
                CgroupException.class,
                () -> cgroup.update(resources("{\"cpu\": {\"cpus\": \"4000\"}}"), 0))
            .getMessage();
    assertTrue(message.startsWith("linux.resources.cpu.cpus: cannot write 4000 to "), message);
  }

  @Test
  void halfMadeOnesAreRemoved() throws Exception {
    String first = cgroup.paths().getFirst();
    Files.createDirectories(Path.of(first, "left", "over"));
    cgroup.remove(PATIENCE_MILLIS);
    assertFalse(tree.exists(first));
  }

  @Test
  void symbolicLinksAreNotFollowed() throws IOException {
    Path directory = Files.createTempDirectory("bulwark");
    Path link = Files.createSymbolicLink(directory.resolve("cgroup.procs"), Path.of("/etc/passwd"));
    try {
      assertThrows(IOException.class, () -> tree.read(link.toString()));
    } finally {
      Files.delete(link);
      Files.delete(directory);
    }
  }

  private boolean limited() {
    if (host.onlyUnified()) {
      String all =
          cgroup.readOr(
              Objects.requireNonNull(host.unified()).mountPoint() + "/cgroup.controllers", "");
      return all.contains("memory") && all.contains("pids") && all.contains("cpu");
    }
    return host.v1().keySet().containsAll(List.of("memory", "pids", "cpu", "freezer"));
  }

  private static Resources resources(String json) throws ConfigException {
    return Documents.resources(json.getBytes(StandardCharsets.UTF_8));
  }
}
