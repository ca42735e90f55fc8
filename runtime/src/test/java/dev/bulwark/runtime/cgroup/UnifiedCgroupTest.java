package dev.bulwark.runtime.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.runtime.json.ConfigException;
import dev.bulwark.runtime.json.JsonDocument;
import dev.bulwark.runtime.oci.Documents;
import dev.bulwark.runtime.oci.Resources;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cgroup v2, against a model of it. */
class UnifiedCgroupTest {
  private static final String DIRECTORY = "/cg/bulwark/c1";

  private final FakeCgroupTree tree = new FakeCgroupTree("/cg", "cpuset cpu io memory pids");
  private final CgroupHost host =
      CgroupHost.of(tree, "25 1 0:22 / /cg rw - cgroup2 cgroup2 rw", "0::/\n");

  @Test
  void limitsAreWrittenInTheirOwnUnits() throws CgroupException, ConfigException {
    Cgroup cgroup = planned();
    assertEquals(List.of(DIRECTORY), cgroup.paths());
    List<String> warnings =
        cgroup.create(
            "c1",
            resources(
                """
                {"memory": {"limit": 1000, "reservation": 500, "swap": 1500, "kernel": 7, "swappiness": 5},
                 "cpu": {"shares": 1024, "quota": 50000, "period": 200000, "burst": 100, "cpus": "0-1", "mems": "0"},
                 "pids": {"limit": 9},
                 "blockIO": {"weight": 1000, "throttleReadBpsDevice": [{"major": 8, "minor": 1, "rate": 77}]},
                 "unified": {"memory.low": "800"}}
                """),
            24,
            42);
    assertEquals("1024", file("memory.max"));
    assertEquals("500", file("memory.swap.max"));
    assertEquals("800", file("memory.low"));
    assertEquals("39", file("cpu.weight"));
    assertEquals("50000 200000", file("cpu.max"));
    assertEquals("100", file("cpu.max.burst"));
    assertEquals("0-1", file("cpuset.cpus"));
    assertEquals("0", file("cpuset.mems"));
    assertEquals("9", file("pids.max"));
    assertEquals("8:1 rbps=77", file("io.max"));
    assertEquals("default 10000", file("io.weight"));
    assertEquals("42", file("cgroup.procs"));
    assertEquals(List.of(42), cgroup.pids());
    assertEquals(2, warnings.size(), warnings.toString());
  }

  @Test
  void anUpdateLeavesWhatItDoesNotName() throws CgroupException, ConfigException {
    Cgroup cgroup = made("{\"cpu\": {\"quota\": 50000, \"period\": 200000}}");
    cgroup.update(resources("{\"cpu\": {\"quota\": -1}}"), 0);
    assertEquals("max 200000", file("cpu.max"));
    cgroup.update(resources("{\"cpu\": {\"period\": 1000}, \"pids\": {\"limit\": -1}}"), 0);
    assertEquals("max 1000", file("cpu.max"));
    assertEquals("max", file("pids.max"));
    assertEquals("", file("memory.max"));
    cgroup.update(resources("{\"memory\": {\"limit\": -1}}"), 10);
    assertEquals("max", file("memory.max"));
    assertEquals("max", file("memory.swap.max"));
  }

  @Test
  void whatTheKernelRefusesIsNamed() throws CgroupException, ConfigException {
    Cgroup cgroup = made("{}");
    tree.failures.put(DIRECTORY + "/memory.max", new ArrayList<>(List.of(Errno.EBUSY)));
    says(
        "linux.resources.memory.limit: cannot write 5 to " + DIRECTORY + "/memory.max",
        () -> cgroup.update(resources("{\"memory\": {\"limit\": 5}}"), 0));
    says(
        "linux.resources.memory.swap: is memory and swap together",
        () -> cgroup.update(resources("{\"memory\": {\"swap\": 5}}"), 0));
    says(
        "linux.resources.hugepageLimits (2MB): this host has no writable cgroup controller hugetlb",
        () ->
            cgroup.update(
                resources("{\"hugepageLimits\": [{\"pageSize\": \"2MB\", \"limit\": 0}]}"), 0));
    says(
        "linux.resources.unified.misc.max: this host has the controller misc not on",
        () -> cgroup.update(resources("{\"unified\": {\"misc.max\": \"a 1\"}}"), 0));
  }

  @Test
  void anUpdateBelowWhatIsInUseIsRefusedWhereAsked() throws CgroupException, ConfigException {
    Cgroup cgroup = made("{}");
    tree.files.put(DIRECTORY + "/memory.current", "5000");
    String limit = "{\"memory\": {\"limit\": 4000, \"checkBeforeUpdate\": true}}";
    says("is less than the 5000 bytes in use", () -> cgroup.update(resources(limit), 0));
    cgroup.update(resources(limit), 2000);
    assertEquals("6000", file("memory.max"));
  }

  @Test
  void withoutControllersOnlyLimitsFail() throws CgroupException, ConfigException {
    FakeCgroupTree bare = new FakeCgroupTree("/cg", "");
    CgroupHost bareHost = CgroupHost.of(bare, "25 1 0:22 / /cg rw - cgroup2 cgroup2 rw", "0::/");
    Cgroup cgroup = Cgroup.planned(bareHost, CgroupPath.of("", "c1", false));
    cgroup.create("c1", Resources.NONE, 0, 7);
    assertEquals(List.of(7), cgroup.pids());
    says(
        "linux.resources.memory.limit: this host has no writable cgroup controller memory",
        () -> cgroup.update(resources("{\"memory\": {\"limit\": 5}}"), 0));
    says(
        "linux.resources.cpu: this host has no",
        () -> cgroup.update(resources("{\"cpu\": {\"shares\": 5}}"), 0));
    cgroup.update(resources("{\"memory\": {\"limit\": -1}, \"pids\": {\"limit\": -1}}"), 0);
  }

  @Test
  void aHostThatIsReadOnlyHasNoCgroupsOfOurs() throws CgroupException, ConfigException {
    CgroupHost closed = CgroupHost.of(tree, "25 1 0:22 / /cg ro - cgroup2 cgroup2 rw", "0::/");
    Cgroup cgroup = Cgroup.planned(closed, CgroupPath.of("", "c1", false));
    assertEquals(List.of(), cgroup.paths());
    cgroup.create("c1", Resources.NONE, 0, 7);
    says(
        "linux.resources.pids.limit: this host has no writable",
        () -> cgroup.update(resources("{\"pids\": {\"limit\": 5}}"), 0));
    assertTrue(cgroup.pids().isEmpty());
    assertTrue(cgroup.kill(0));
    cgroup.remove(0);
    assertEquals(List.of(), tree.writes);
  }

  @Test
  void aCgroupWithProcessesIsNotTaken() throws CgroupException {
    Cgroup first = planned();
    first.create("c1", Resources.NONE, 0, 42);
    says(
        "exists already with processes in it", () -> planned().create("c1", Resources.NONE, 0, 43));
  }

  @Test
  void freezingWaitsForTheKernelsWord() throws CgroupException, ConfigException {
    Cgroup cgroup = made("{}");
    assertFalse(cgroup.frozen());
    cgroup.freeze();
    assertTrue(cgroup.frozen());
    assertEquals("1", file("cgroup.freeze"));
    cgroup.thaw();
    assertFalse(cgroup.frozen());
  }

  @Test
  void removingTriesAgainWhileItIsBusy() throws CgroupException, ConfigException {
    Cgroup cgroup = made("{}");
    tree.failures.put(DIRECTORY, new ArrayList<>(List.of(Errno.EBUSY, Errno.EBUSY)));
    Cgroup.of(host, cgroup.paths()).remove(60_000);
    assertEquals(java.util.Set.of("/cg"), tree.directories);
    Cgroup.of(host, cgroup.paths()).remove(0);
  }

  @Test
  void removingGivesUpAtItsDeadline() throws CgroupException {
    Cgroup cgroup = planned();
    cgroup.create("c1", Resources.NONE, 0, 42);
    says("removing " + DIRECTORY, () -> cgroup.remove(0));
    assertTrue(tree.directories.contains(DIRECTORY));
    assertTrue(cgroup.kill(60_000));
    cgroup.remove(0);
    assertFalse(tree.directories.contains("/cg/bulwark"));
  }

  @Test
  void removingTakesNestedOnesAlongAndLeavesNeighbours() throws Exception {
    Cgroup cgroup = made("{}");
    tree.makeDirectory(DIRECTORY + "/a");
    tree.makeDirectory(DIRECTORY + "/a/b");
    tree.makeDirectory("/cg/bulwark/c2");
    tree.files.put(DIRECTORY + "/a/b/cgroup.procs", "5\n6");
    assertEquals(List.of(5, 6), cgroup.pids());
    tree.files.put(DIRECTORY + "/a/b/cgroup.procs", "");
    cgroup.remove(0);
    assertEquals(java.util.Set.of("/cg", "/cg/bulwark", "/cg/bulwark/c2"), tree.directories);
  }

  @Test
  void halfMadeOnesAreRemoved() throws CgroupException {
    Cgroup cgroup = planned();
    tree.failures.put(DIRECTORY, new ArrayList<>(List.of(Errno.ENOMEM)));
    assertThrows(CgroupException.class, () -> cgroup.create("c1", Resources.NONE, 0, 42));
    assertTrue(tree.directories.contains("/cg/bulwark"));
    cgroup.remove(0);
  }

  @Test
  void statisticsHaveRuncsForm() throws CgroupException, ConfigException {
    Cgroup cgroup = made("{\"pids\": {\"limit\": 9}, \"memory\": {\"limit\": 1000}}");
    tree.files.put(DIRECTORY + "/memory.current", "700");
    tree.files.put(DIRECTORY + "/memory.stat", "anon 5\nfile 6");
    tree.files.put(DIRECTORY + "/pids.current", "3");
    tree.files.put(DIRECTORY + "/cpu.stat", "usage_usec 10\nuser_usec 7\nsystem_usec 3");
    tree.files.put(DIRECTORY + "/io.stat", "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0");
    CgroupStats stats = cgroup.statistics();
    assertEquals(10_000, stats.cpu().total());
    assertEquals(new CgroupStats.Memory(700, 700, 1000, 0), stats.memory());
    assertEquals(new CgroupStats.Pids(3, 9), stats.pids());
    assertEquals(new CgroupStats.Io(8, 0, "Write", 2), stats.blkio().get(1));
    var data =
        JsonDocument.read("e", stats.event("c1", null).getBytes(StandardCharsets.ISO_8859_1))
            .get("data");
    assertEquals(700, data.get("memory").get("usage").get("usage").unsigned());
    assertEquals(6, data.get("memory").get("cache").unsigned());
    assertEquals(7000, data.get("cpu").get("usage").get("user").unsigned());
    assertEquals(9, data.get("pids").get("limit").unsigned());
  }

  @Test
  void sharesAndWeightsAreConvertedAsByRunc() {
    assertEquals(1, CpuLimits.weight(2));
    assertEquals(1, CpuLimits.weight(0));
    assertEquals(39, CpuLimits.weight(1024));
    assertEquals(10000, CpuLimits.weight(Long.MAX_VALUE));
    assertEquals(1, IoLimits.scale(10, true));
    assertEquals(10000, IoLimits.scale(1000, true));
    assertEquals(500, IoLimits.scale(500, false));
  }

  private Cgroup planned() throws CgroupException {
    return Cgroup.planned(host, CgroupPath.of("", "c1", false));
  }

  private Cgroup made(String json) throws CgroupException, ConfigException {
    Cgroup cgroup = planned();
    cgroup.create("c1", resources(json), 0, 0);
    return cgroup;
  }

  private String file(String name) {
    return tree.files.getOrDefault(DIRECTORY + "/" + name, "none");
  }

  private static Resources resources(String json) throws ConfigException {
    return Documents.resources(json.getBytes(StandardCharsets.UTF_8));
  }

  private static void says(String part, org.junit.jupiter.api.function.Executable action) {
    String message = assertThrows(CgroupException.class, action).getMessage();
    assertTrue(message.contains(part), message);
  }
}
