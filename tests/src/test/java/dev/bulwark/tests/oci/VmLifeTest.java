package dev.bulwark.tests.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tests.Execution;
import dev.bulwark.tests.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The life of containers in virtual machines: what {@link LifeTest} looks at one by one, in few
 * machines, because each takes seconds to boot where they are emulated.
 */
@Timeout(600)
class VmLifeTest {
  private static final Duration LIMIT = Duration.ofMinutes(4);

  /** How soon a machine's end has to be known. */
  private static final long END_NANOS = 2_000_000_000L;

  @TempDir private Path directory;
  private OciRuntime runtime;
  private final List<String> ids = new ArrayList<>();

  @BeforeEach
  void prepare() {
    runtime = OciRuntime.ofMachines(directory);
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    for (String id : ids) {
      runtime.run("delete", "--force", id);
    }
    runtime.assertNothingIsLeft(ids.toArray(String[]::new));
  }

  private String name(String what) {
    ids.add("vm-" + what + "-" + ProcessHandle.current().pid());
    return ids.getLast();
  }

  private Bundle bundle(String name) throws Exception {
    return Bundle.in(Files.createDirectory(directory.resolve(name)));
  }

  private String lastError() throws Exception {
    return OciRuntime.read(runtime.log()).strip().lines().reduce("", (first, last) -> last);
  }

  /** Waits for a file that a container makes; a container that has ended makes none. */
  private void awaitFile(Path file, String id) throws Exception {
    while (!Files.exists(file)) {
      assertEquals("running", runtime.status(id), file + " does not appear");
    }
  }

  @Test
  void containerLivesAsBehindTheOtherWall() throws Exception {
    String id = name("life");
    Bundle bundle = bundle("life");
    Path volume = Files.createDirectory(directory.resolve("volume"));
    Path file = Files.writeString(directory.resolve("file"), "one file\n");
    bundle
        .mounts(
            """
            , {"destination": "/data", "type": "bind", "source": "%s", "options": ["rbind"]}
            , {"destination": "/etc/file", "type": "bind", "source": "%s", "options": ["bind", "ro"]}
            , {"destination": "/ram", "type": "tmpfs", "source": "tmpfs", "options": ["size=1m"]}
            """
                .formatted(volume, file))
        .top(
            """
            "hooks": {"startContainer":
              [{"path": "/bin/sh", "args": ["sh", "-c", "cat >/data/hook"]}]},
            """)
        .linux("\"resources\": {\"memory\": {\"limit\": 67108864}, \"pids\": {\"limit\": 100}},")
        .script(
            """
            trap 'echo got >/data/term' TERM
            echo $(hostname) $(cat /etc/file) >/data/first
            (echo x >>/etc/file) 2>/data/refused
            mkdir /ram/d && echo made >/srv/through
            while :; do echo x >>/data/ticks; sleep 0.05; done"""
                .replace("\n", "; "));
    Path pidFile = directory.resolve("pid");
    runtime.ok(
        "create", "--bundle", bundle.directory().toString(), "--pid-file", pidFile.toString(), id);
    assertEquals("created", runtime.status(id));
    assertFalse(Files.exists(volume.resolve("first")));
    ProcessHandle keeper = ProcessHandle.of(Long.parseLong(OciRuntime.read(pidFile))).orElseThrow();
    assertEquals(
        new OciRuntime.Result(5, "before b c\n"),
        runtime.run("exec", id, "sh", "-c", "echo before $A; exit 5"));

    runtime.ok("start", id);
    assertEquals(1, runtime.run("start", id).code());
    awaitFile(volume.resolve("ticks"), id);
    assertTrue(OciRuntime.read(volume.resolve("hook")).contains("\"status\":\"created\""));
    assertEquals("inside one file\n", OciRuntime.read(volume.resolve("first")));
    assertTrue(OciRuntime.read(volume.resolve("refused")).contains("Read-only"));
    assertEquals("one file\n", Files.readString(file));
    assertEquals("made\n", OciRuntime.read(bundle.root().resolve("srv/through")));

    assertEquals(
        "7:8\n",
        runtime.run("exec", "--user", "7:8", id, "sh", "-c", "echo $(id -u):$(id -g)").out());
    OciRuntime.Result missing = runtime.run("exec", id, "nosuch");
    assertEquals(1, missing.code());
    assertTrue(missing.out().contains("executable file not found in $PATH"), missing.out());
    Path execFile = directory.resolve("exec.pid");
    runtime.ok("exec", "--detach", "--pid-file", execFile.toString(), id, "sleep", "1000");
    ProcessHandle further =
        ProcessHandle.of(Long.parseLong(OciRuntime.read(execFile))).orElseThrow();
    String processes = runtime.ok("ps", id);
    assertTrue(processes.lines().anyMatch(line -> line.matches(" +1 +0 .* sh")), processes);
    assertTrue(processes.lines().anyMatch(line -> line.endsWith(" sleep")), processes);
    long machine =
        Long.parseLong(runtime.ok("ps", "--format", "json", id).replaceAll("[\\[\\]\n]", ""));
    assertTrue(
        keeper.descendants().anyMatch(process -> process.pid() == machine), machine + " is QEMU");
    assertEquals(1, runtime.run("check", "--security", id).code());
    assertTrue(lastError().contains("behind the wall 'vm'"), lastError());

    runtime.ok("pause", id);
    assertEquals("paused", runtime.status(id));
    Path ticks = volume.resolve("ticks");
    long size = Files.size(ticks);
    assertEquals(1, runtime.run("exec", id, "true").code());
    assertEquals(size, Files.size(ticks));
    runtime.ok("resume", id);
    while (Files.size(ticks) == size) {
      assertEquals("running", runtime.status(id));
    }
    assertTrue(runtime.ok("events", "--stats", id).contains("\"memory\""));
    runtime.ok("update", "--memory", "33554432", id);
    assertEquals(1, runtime.run("update", "--memory", "8589934592", id).code());
    assertTrue(lastError().contains("linux.resources.memory.limit"), lastError());

    runtime.ok("kill", id, "TERM");
    awaitFile(volume.resolve("term"), id);
    assertEquals(1, runtime.run("delete", id).code());
    runtime.ok("kill", id, "9");
    runtime.await(id, "stopped");
    LifeTest.awaitEnd(keeper);
    LifeTest.awaitEnd(further);
    runtime.ok("delete", id);
  }

  @Test
  void runGivesTheExitCodeOfAProcessThatIsAsConfigured() throws Exception {
    String id = name("run");
    Bundle bundle = bundle("run");
    bundle
        .top("\"annotations\": {\"dev.bulwark.overlay\": \"memory\"},")
        .process(
            """
            "terminal": true,
            "capabilities": {"bounding": ["CAP_MKNOD"], "permitted": ["CAP_MKNOD"],
              "effective": ["CAP_MKNOD"]},
            "rlimits": [{"type": "RLIMIT_NOFILE", "soft": 77, "hard": 99}],
            "noNewPrivileges": true,
            """)
        .script(
            "cd /srv; busybox mkfifo pipe; busybox mknod null c 1 3; echo x >null && stat -c %F *;"
                + " tty; until [ \"$(stty size)\" = '33 99' ]; do :; done; ulimit -n;"
                + " grep -E 'CapEff|NoNewPrivs' /proc/self/status; exit 9");
    String run =
        "stty rows 33 cols 99; "
            + Sandbox.HOME
            + "/bulwark --accel tcg --wall vm --root "
            + runtime.root()
            + " run --bundle "
            + bundle.directory()
            + " "
            + id;
    // The end of its input would be typed into the terminal by script(1).
    var result =
        Execution.startOpen(List.of("script", "-qec", run, "/dev/null"), Map.of()).await(LIMIT);
    assertEquals(9, result.exitCode(), result.toString());
    assertEquals(
        """
        character special file
        fifo
        /dev/pts/0
        77
        CapEff:\t0000000008000000
        NoNewPrivs:\t1
        """
            .replace("\n", "\r\n"),
        result.out());
    try (Stream<Path> made = Files.list(bundle.root().resolve("srv"))) {
      assertEquals(List.of(), made.toList());
    }
  }

  @Test
  void endOfAMachineIsKnownSoonWithItsReasonWhoeverDies() throws Exception {
    Map<String, String> reasons =
        Map.of(
            "-nodefaults", "the virtual machine has ended",
            "panic", "Kernel panic - not syncing: sysrq");
    for (String victim : reasons.keySet()) {
      String id = name("end");
      Bundle bundle = bundle(victim);
      bundle.command("sleep", "1000");
      Path pidFile = directory.resolve("pid" + victim);
      runtime.ok(
          "create",
          "--bundle",
          bundle.directory().toString(),
          "--pid-file",
          pidFile.toString(),
          id);
      runtime.ok("start", id);
      ProcessHandle keeper =
          ProcessHandle.of(Long.parseLong(OciRuntime.read(pidFile))).orElseThrow();
      List<ProcessHandle> all = Stream.concat(Stream.of(keeper), keeper.descendants()).toList();
      assertTrue(all.size() >= 4, all.toString());
      if (victim.equals("panic")) {
        runtime.run("exec", id, "sh", "-c", "echo c >/proc/sysrq-trigger");
      } else {
        all.reversed().stream()
            .filter(process -> process.info().commandLine().orElse("").contains(victim))
            .findFirst()
            .orElseThrow()
            .destroyForcibly();
        long killed = System.nanoTime();
        LifeTest.awaitEnd(keeper);
        assertTrue(System.nanoTime() - killed < END_NANOS, victim);
      }
      runtime.await(id, "stopped");
      String log = OciRuntime.read(runtime.root().resolve(id).resolve("keeper.log"));
      assertTrue(log.contains(reasons.get(victim)), log);
      if (victim.equals("panic")) {
        assertTrue(log.contains("last lines of its console"), log);
      }
      runtime.ok("delete", id);
      for (ProcessHandle each : all) {
        LifeTest.awaitEnd(each);
      }
      ids.removeLast();
    }
  }

  @Test
  void whatAMachineCannotDoIsRefusedByName() throws Exception {
    String id = name("refused");
    Bundle bundle = bundle("refused");
    String create = bundle.directory().toString();
    bundle.top("\"annotations\": {\"dev.bulwark.wall\": \"sentry\"},").command("true");
    assertEquals(1, runtime.run("create", "--bundle", create, id).code());
    assertTrue(lastError().contains("annotations.dev.bulwark.wall"), lastError());
    bundle.top("\"annotations\": {\"dev.bulwark.wall\": \"paper\"},").command("true");
    OciRuntime plain = new OciRuntime(directory);
    assertEquals(1, plain.run("create", "--bundle", create, id).code());
    assertTrue(lastError().contains("annotations.dev.bulwark.wall"), lastError());
    bundle
        .top(
            """
            "hooks": {"createRuntime": [{"path": "/bin/sh", "args": ["sh", "-c",
              "nsenter --net=/proc/$(grep -o '\\"pid\\": *[0-9]*' | grep -o '[0-9]*')/ns/net ip link add eth7 type veth peer name eth8"]}]},
            """)
        .command("true");
    assertEquals(1, runtime.run("create", "--bundle", create, id).code());
    assertTrue(lastError().contains("the interface eth"), lastError());
  }
}
