package dev.bulwark.runtime.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.runtime.json.ConfigException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ConfigTest {
  @Test
  void theDefaultConfigurationIsUnderstood() throws ConfigException {
    Config config = Documents.config(DefaultConfig.document("1.2.0"));
    assertEquals("1.2.0", config.ociVersion());
    assertEquals(List.of("sh"), config.process().args());
    assertEquals("rootfs", config.root().path());
    assertTrue(config.root().readonly());
    assertTrue(config.process().terminal());
    assertEquals(7, config.mounts().size());
    assertEquals(6, config.linux().namespaces().size());
    assertEquals(
        1L << 29 | 1L << 5 | 1L << 10,
        Objects.requireNonNull(config.process().capabilities()).permitted());
    assertEquals(
        new Process.Rlimit(7, "RLIMIT_NOFILE", 1024, 1024), config.process().rlimits().getFirst());
    assertEquals(Hooks.NONE, config.hooks());
  }

  @Test
  void everyFieldIsRead() throws ConfigException {
    Config config = Documents.config(ConfigText.FULL.getBytes(StandardCharsets.UTF_8));
    Process process = config.process();
    assertEquals(new Process.ConsoleSize(24, 80), process.consoleSize());
    assertEquals(new Process.User(1000, (int) 4294967294L, 0077, List.of(1, 2)), process.user());
    assertEquals(List.of("A=b", "C="), process.env());
    assertEquals(-500, process.oomScoreAdj());
    assertEquals(
        new Process.Scheduler("SCHED_BATCH", -5, 0, List.of("SCHED_FLAG_RESET_ON_FORK"), 1, 2, 3),
        process.scheduler());
    assertEquals(new Process.IoPriority("IOPRIO_CLASS_BE", 4), process.ioPriority());
    assertEquals(new Process.Rlimit(4, "RLIMIT_CORE", -1, 0), process.rlimits().getFirst());
    assertEquals(
        new Hooks.Hook("/bin/h", List.of("h", "x"), List.of("K=v"), 5),
        config.hooks().prestart().getFirst());
    assertEquals(1, config.hooks().poststop().size());
    assertEquals(Map.of("a", "b"), config.annotations());
    Linux linux = config.linux();
    assertEquals(List.of(new IdMapping(0, 0, 65536)), linux.uidMappings());
    assertEquals(
        "/run/netns/x", Objects.requireNonNull(config.namespace(Namespace.Type.NETWORK)).path());
    assertNull(config.namespace(Namespace.Type.TIME));
    assertEquals(Map.of("net.ipv4.ip_forward", "1"), linux.sysctl());
    assertEquals("slave", linux.rootfsPropagation());
    assertEquals(new Linux.Device("/dev/null", 'c', 1, 3, 0666, 0, 0), linux.devices().getFirst());
    Resources resources = linux.resources();
    assertEquals(
        new Resources.Memory(1000L, 500L, -1L, null, null, 10L, true, true), resources.memory());
    assertEquals(
        new Resources.Cpu(512L, 50000L, 100L, 100000L, null, null, "0-1", "0", 0L),
        resources.cpu());
    assertEquals(100, resources.pids());
    assertEquals(
        List.of(new Resources.ThrottleDevice(8, 0, -1)),
        resources.blockIO().throttleReadBpsDevice());
    assertEquals(List.of(new Resources.HugepageLimit("2MB", 4194304)), resources.hugepageLimits());
    assertEquals(7L, resources.network().classID());
    assertEquals(Map.of("mlx5_0", new Resources.Rdma(3L, null)), resources.rdma());
    assertEquals(Map.of("memory.high", "1000"), resources.unified());
    Seccomp seccomp = Objects.requireNonNull(linux.seccomp());
    assertEquals(38, seccomp.defaultErrnoRet());
    assertEquals(
        new Seccomp.Arg(0, 2114060288L, -1L, Seccomp.Operator.SCMP_CMP_MASKED_EQ),
        seccomp.syscalls().getFirst().args().getFirst());
    assertNull(seccomp.syscalls().getFirst().errnoRet());
  }

  @Test
  void absentPartsHaveTheirDefaults() throws ConfigException {
    Config config = Documents.config(ConfigText.SMALL.getBytes(StandardCharsets.UTF_8));
    assertEquals(new Process.User(0, 0, null, List.of()), config.process().user());
    assertNull(config.process().capabilities());
    assertEquals(Resources.NONE, config.linux().resources());
    assertEquals("", config.hostname());
    assertFalse(config.root().readonly());
  }

  @Test
  void unknownFieldsAndNullsAreIgnored() throws ConfigException {
    accepted("\"cwd\": \"/\"", "\"cwd\": \"/\", \"future\": {\"x\": [1]}, \"env\": null");
    accepted("\"ociVersion\": \"1.2.0\"", "\"ociVersion\": \"1.0.2-dev\"");
    accepted("\"ociVersion\": \"1.2.0\"", "\"ociVersion\": \"1.3.0+x\"");
  }

  @Test
  void whatIsMissingOrOfTheWrongTypeIsNamed() {
    refused("\"ociVersion\": \"1.2.0\",", "", "config.json: ociVersion: is missing");
    refused("\"1.2.0\"", "\"2.0.0\"", "ociVersion: is \"2.0.0\"");
    refused("\"1.2.0\"", "\"1\"", "ociVersion: must be a version");
    refused("\"1.2.0\"", "\"1.2.0x\"", "ociVersion: must be a version");
    refused("\"1.2.0\"", "12", "ociVersion: must be a string, not a number");
    refused("\"process\":", "\"proces\":", "config.json: process: is missing");
    refused("[\"true\"]", "[]", "process.args: is empty");
    refused("\"args\": [\"true\"],", "", "process.args: is missing");
    refused("[\"true\"]", "[\"true\", 3]", "process.args[1]: must be a string, not a number");
    refused("[\"true\"]", "\"true\"", "process.args: must be an array, not a string");
    refused("[\"true\"]", "[\"a\\u0000b\"]", "process.args[0]: has a NUL byte");
    refused("\"cwd\": \"/\"", "\"cwd\": \"tmp\"", "process.cwd: must be an absolute path");
    refused("\"path\": \"rootfs\"", "\"path\": \"\"", "root.path: is empty");
    refused("\"path\": \"rootfs\"", "\"pat\": \"\"", "root.path: is missing");
  }

  @Test
  void contradictionsAndRangesOfTheProcessAreNamed() {
    process("\"user\": {\"uid\": -1}", "process.user.uid: must be between 0 and 4294967294");
    process("\"user\": {\"gid\": 4294967295}", "process.user.gid: must be between");
    process("\"user\": {\"umask\": 512}", "process.user.umask: must be between 0 and 511");
    process(
        "\"user\": {\"additionalGids\": [0, \"x\"]}", "process.user.additionalGids[1]: must be");
    process("\"env\": [\"A=1\", \"B\"]", "process.env[1]: must have the form NAME=value");
    process("\"env\": [\"=1\"]", "process.env[0]: must have the form");
    process(
        "\"capabilities\": {\"bounding\": [\"CAP_NONE\"]}",
        "process.capabilities.bounding[0]: must");
    process(
        "\"capabilities\": {\"bounding\": [\"KILL\"]}", "process.capabilities.bounding[0]: must");
    process(
        "\"rlimits\": [{\"type\": \"RLIMIT_X\", \"soft\": 1, \"hard\": 1}]",
        "process.rlimits[0].type");
    process(
        "\"rlimits\": [{\"type\": \"RLIMIT_CPU\", \"soft\": 2, \"hard\": 1}]",
        "process.rlimits[0].soft: is greater");
    process(
        "\"rlimits\": [{\"type\": \"RLIMIT_CPU\", \"soft\": 2}]",
        "process.rlimits[0].hard: is missing");
    process(
        "\"rlimits\": [{\"type\": \"RLIMIT_CPU\", \"soft\": 1, \"hard\": 1},"
            + " {\"type\": \"RLIMIT_CPU\", \"soft\": 1, \"hard\": 1}]",
        "process.rlimits[1].type: names RLIMIT_CPU");
    process("\"oomScoreAdj\": 1001", "process.oomScoreAdj: must be between -1000 and 1000");
    process("\"consoleSize\": {\"height\": 70000, \"width\": 1}", "process.consoleSize.height");
    process("\"scheduler\": {\"policy\": \"SCHED_X\"}", "process.scheduler.policy: must be one of");
    process(
        "\"ioPriority\": {\"class\": \"IOPRIO_CLASS_RT\", \"priority\": 8}",
        "process.ioPriority.priority");
    process("\"terminal\": \"yes\"", "process.terminal: must be true or false, not a string");
    process("\"terminal\": 1e999999999", "process.terminal: must be true or false");
    process("\"oomScoreAdj\": 1e3", "process.oomScoreAdj: must be a whole number");
    process("\"oomScoreAdj\": " + "9".repeat(400), "process.oomScoreAdj: must be between");
  }

  @Test
  void mountsAndHooksAreChecked() throws ConfigException {
    top("\"mounts\": [{\"type\": \"tmpfs\"}]", "mounts[0].destination: is missing");
    top("\"mounts\": [{\"destination\": \"\"}]", "mounts[0].destination: is empty");
    top("\"mounts\": [{\"destination\": \"/a\"}]", "mounts[0].type: is missing");
    top(
        "\"mounts\": [{\"destination\": \"/a\", \"options\": [\"bind\"]}]",
        "mounts[0].source: is missing");
    top(
        "\"hooks\": {\"prestart\": [{\"path\": \"x\"}]}",
        "hooks.prestart[0].path: must be an absolute");
    top(
        "\"hooks\": {\"poststop\": [{\"path\": \"/x\", \"timeout\": 0}]}",
        "hooks.poststop[0].timeout");
    top("\"annotations\": {\"\": \"x\"}", "annotations: has a member without a name");
    top("\"annotations\": {\"a\": 1}", "annotations.a: must be a string, not a number");
    top("\"hostname\": \"" + "h".repeat(65) + "\"", "hostname: is longer than 64 bytes");
    Config relative =
        parse(ConfigText.small("\"mounts\": [{\"destination\": \"tmp\", \"type\": \"tmpfs\"}]"));
    assertEquals("/tmp", relative.mounts().getFirst().destination());
  }

  @Test
  void linuxIsChecked() {
    linux("\"sysctl\": {\"../x\": \"1\"}", "linux.sysctl.../x: is no name");
    linux("\"cgroupsPath\": \"/a/../b\"", "linux.cgroupsPath: must not lead upwards");
    linux("\"uidMappings\": []", null);
    linux(
        "\"uidMappings\": [{\"containerID\": 0, \"hostID\": 1, \"size\": 1}]",
        "linux.uidMappings: is given without");
    linux(
        "\"uidMappings\": [{\"containerID\": 0, \"hostID\": 4294967290, \"size\": 10}]",
        "linux.uidMappings[0].size: must be between 1 and 5, not 10");
    linux(
        "\"uidMappings\": [{\"containerID\": 0, \"hostID\": 0, \"size\": 10},"
            + " {\"containerID\": 9, \"hostID\": 50, \"size\": 10}]",
        "linux.uidMappings[1].containerID: begins a range that overlaps");
    linux("\"maskedPaths\": [\"proc\"]", "linux.maskedPaths[0]: must be an absolute path");
    linux("\"rootfsPropagation\": \"odd\"", "linux.rootfsPropagation: must be one of");
    linux("\"resources\": {\"memory\": {\"limit\": -2}}", "linux.resources.memory.limit: must be");
    linux(
        "\"resources\": {\"memory\": {\"limit\": 10, \"swap\": 5}}",
        "linux.resources.memory.swap: is memory and swap together");
    linux(
        "\"resources\": {\"cpu\": {\"cpus\": \"a\"}}", "linux.resources.cpu.cpus: must be a list");
    linux(
        "\"resources\": {\"blockIO\": {\"weight\": 5}}", "linux.resources.blockIO.weight: must be");
    linux(
        "\"resources\": {\"unified\": {\"../x.y\": \"1\"}}",
        "linux.resources.unified.../x.y: must");
    linux(
        "\"resources\": {\"unified\": {\"cgroup.procs\": \"1\"}}",
        "linux.resources.unified.cgroup.procs: is");
    linux(
        "\"resources\": {\"hugepageLimits\": [{\"pageSize\": \"../2MB\", \"limit\": 1}]}",
        "linux.resources.hugepageLimits[0].pageSize: must be a size");
    linux(
        "\"seccomp\": {\"defaultAction\": \"SCMP_ACT_X\"}", "linux.seccomp.defaultAction: must be");
    linux(
        "\"seccomp\": {\"defaultAction\": \"SCMP_ACT_ALLOW\", \"defaultErrnoRet\": 1}",
        "linux.seccomp.defaultErrnoRet: belongs to");
    linux(
        "\"seccomp\": {\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [],"
            + " \"action\": \"SCMP_ACT_KILL\"}]}",
        "linux.seccomp.syscalls[0].names: is empty");
  }

  @Test
  void namespacesAreChecked() {
    String all = ConfigText.NAMESPACES;
    refused(
        all,
        all.replace("pid", "cgroup"),
        "linux.namespaces: is not supported; the host's processes");
    refused(all, all + ", {\"type\": \"pid\"}", "linux.namespaces[4].type: names pid");
    refused(all, all + ", {\"type\": \"odd\"}", "linux.namespaces[4].type: must be one of");
    refused(all, all + ", {\"path\": \"/x\"}", "linux.namespaces[4].type: is missing");
    refused(
        all,
        all + ", {\"type\": \"network\", \"path\": \"x\"}",
        "linux.namespaces[4].path: must be");
    refused(all, all + ", {\"type\": \"user\"}", "linux.uidMappings: is missing");
  }

  @Test
  void otherDocumentsAreRead() throws ConfigException {
    Process process =
        Documents.process(bytes("{\"args\": [\"ls\"], \"cwd\": \"/\", \"user\": {\"uid\": 3}}"));
    assertEquals(3, process.user().uid());
    Resources resources = Documents.resources(bytes("{\"pids\": {\"limit\": 7}}"));
    assertEquals(7, resources.pids());
    String message =
        assertThrows(ConfigException.class, () -> Documents.resources(bytes("[]"))).getMessage();
    assertEquals("resources: must be an object, not an array", message);
  }

  private static void process(String member, String part) {
    refused("\"cwd\": \"/\"", "\"cwd\": \"/\", " + member, part);
  }

  private static void top(String member, String part) {
    says(ConfigText.small(member), part);
  }

  private static void linux(String member, @org.jspecify.annotations.Nullable String part) {
    String json = ConfigText.SMALL.replace("\"linux\": {", "\"linux\": {" + member + ", ");
    if (part == null) {
      assertEquals(Map.of(), assertDoesNotThrowParse(json).linux().sysctl());
    } else {
      says(json, part);
    }
  }

  private static void accepted(String old, String with) throws ConfigException {
    assertTrue(ConfigText.SMALL.contains(old), old);
    parse(ConfigText.SMALL.replace(old, with));
  }

  private static void refused(String old, String with, String part) {
    assertTrue(ConfigText.SMALL.contains(old), old);
    says(ConfigText.SMALL.replace(old, with), part);
  }

  private static void says(String json, String part) {
    String message = assertThrows(ConfigException.class, () -> parse(json)).getMessage();
    assertTrue(message.startsWith("config.json: ") && message.contains(part), message);
  }

  private static Config assertDoesNotThrowParse(String json) {
    return org.junit.jupiter.api.Assertions.assertDoesNotThrow(() -> parse(json));
  }

  private static Config parse(String json) throws ConfigException {
    return Documents.config(bytes(json));
  }

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
