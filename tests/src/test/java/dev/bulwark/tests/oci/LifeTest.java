package dev.bulwark.tests.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The life of containers, from create to delete. */
@Timeout(300)
class LifeTest extends OneContainer {

  private void create(String... more) throws Exception {
    java.util.ArrayList<String> words =
        new java.util.ArrayList<>(List.of("create", "--bundle", bundle.directory().toString()));
    words.addAll(List.of(more));
    words.add(id);
    runtime.ok(words.toArray(String[]::new));
  }

  private OciRuntime.Result runBundle() throws Exception {
    return runtime.run("run", "--bundle", bundle.directory().toString(), id);
  }

  private String lastError() throws Exception {
    String[] lines = OciRuntime.read(runtime.log()).strip().split("\n", -1);
    String last = lines[lines.length - 1];
    assertTrue(last.startsWith("{\"level\":\"error\",\"msg\":\""), last);
    assertTrue(last.endsWith("\"}"), last);
    return last;
  }

  @Test
  void createdContainerWaitsForItsStartAndKeepsItsOutput() throws Exception {
    bundle.script("echo ran >/srv/mark; exit 7");
    Path pidFile = directory.resolve("pid");
    create("--pid-file", pidFile.toString());
    assertEquals("created", runtime.status(id));
    assertFalse(Files.exists(bundle.root().resolve("srv/mark")));
    long pid = Long.parseLong(OciRuntime.read(pidFile));
    assertTrue(ProcessHandle.of(pid).isPresent());
    runtime.ok("start", id);
    runtime.await(id, "stopped");
    assertEquals("ran\n", OciRuntime.read(bundle.root().resolve("srv/mark")));
    assertEquals(1, runtime.run("start", id).code());
    assertTrue(lastError().contains("cannot start a container that has stopped"));
    runtime.ok("delete", id);
    assertEquals(1, runtime.run("state", id).code());
    assertTrue(lastError().contains("does not exist"));
    assertEquals(1, runtime.run("delete", id).code());
    assertEquals(0, runtime.run("delete", "--force", id).code());
  }

  @Test
  void runGivesTheExitCodeAndTheProcessAsConfigured() throws Exception {
    bundle
        .process(
            """
            "capabilities": {"bounding": ["CAP_KILL"], "permitted": ["CAP_KILL"],
              "effective": ["CAP_KILL"]},
            "rlimits": [{"type": "RLIMIT_NOFILE", "soft": 77, "hard": 99}],
            "noNewPrivileges": true,
            """)
        .script(
            "hostname; echo $A; id -u; ulimit -n; grep -E 'CapEff|NoNewPrivs' /proc/self/status; exit 9");
    OciRuntime.Result result = runBundle();
    assertEquals(9, result.code());
    assertEquals(
        """
        inside
        b c
        0
        77
        CapEff:\t0000000000000020
        NoNewPrivs:\t1
        """,
        result.out());
  }

  @Test
  void changesOfTheRootStayInMemoryWhenThatIsAsked() throws Exception {
    Path volume = Files.createDirectory(directory.resolve("volume"));
    bundle
        .top("\"annotations\": {\"dev.bulwark.overlay\": \"memory\"},")
        .mounts(
            ", {\"destination\": \"/data\", \"type\": \"bind\", \"source\": \""
                + volume
                + "\", \"options\": [\"rbind\"]}")
        .script("echo x >/srv/mark; echo y >/data/mark; cat /srv/mark");
    assertEquals(new OciRuntime.Result(0, "x\n"), runBundle());
    assertFalse(Files.exists(bundle.root().resolve("srv/mark")));
    assertFalse(Files.exists(bundle.root().resolve("data")));
    assertEquals("y\n", OciRuntime.read(volume.resolve("mark")));
    bundle.top("\"annotations\": {\"dev.bulwark.overlay\": \"disk\"},").command("true");
    assertEquals(1, runBundle().code());
    assertTrue(lastError().contains("annotations.dev.bulwark.overlay"), lastError());
  }

  @Test
  void signalsReachTheProcessAndKillEndsIt() throws Exception {
    bundle.script("trap 'echo got >/srv/term' TERM; echo up >/srv/up; while :; do sleep 1; done");
    create();
    runtime.ok("start", id);
    while (!Files.exists(bundle.root().resolve("srv/up"))) {
      Thread.onSpinWait();
    }
    runtime.ok("kill", id, "TERM");
    while (!Files.exists(bundle.root().resolve("srv/term"))) {
      Thread.onSpinWait();
    }
    assertEquals("running", runtime.status(id));
    assertEquals(1, runtime.run("delete", id).code());
    assertTrue(lastError().contains("that is not stopped"));
    runtime.ok("kill", id, "9");
    runtime.await(id, "stopped");
    assertEquals(1, runtime.run("kill", id, "9").code());
    assertTrue(lastError().contains("container not running"));
  }

  @Test
  void execGivesItsOwnExitCodeAndEndsWithTheContainer() throws Exception {
    bundle.command("sleep", "1000");
    create();
    runtime.ok("start", id);
    OciRuntime.Result result = runtime.run("exec", id, "sh", "-c", "echo $0 in $A; exit 5");
    assertEquals(new OciRuntime.Result(5, "sh in b c\n"), result);
    assertEquals(
        "7:8\n",
        runtime.run("exec", "--user", "7:8", id, "sh", "-c", "echo $(id -u):$(id -g)").out());
    OciRuntime.Result missing = runtime.run("exec", id, "nosuch");
    assertEquals(1, missing.code());
    assertTrue(missing.out().contains("executable file not found in $PATH"), missing.out());
    Path pidFile = directory.resolve("exec.pid");
    runtime.ok("exec", "--detach", "--pid-file", pidFile.toString(), id, "sleep", "1000");
    ProcessHandle keeper = ProcessHandle.of(Long.parseLong(OciRuntime.read(pidFile))).orElseThrow();
    String processes = runtime.ok("ps", id);
    assertEquals(2, processes.lines().filter(line -> line.endsWith(" sleep")).count(), processes);
    runtime.ok("delete", "--force", id);
    awaitEnd(keeper);
    assertEquals(1, runtime.run("exec", id, "true").code());
  }

  @Test
  void pausedContainerStandsStill() throws Exception {
    bundle.script("while :; do echo x >>/srv/ticks; sleep 0.01; done");
    create();
    runtime.ok("start", id);
    Path ticks = bundle.root().resolve("srv/ticks");
    while (!Files.exists(ticks)) {
      Thread.onSpinWait();
    }
    runtime.ok("pause", id);
    assertEquals("paused", runtime.status(id));
    long size = Files.size(ticks);
    assertEquals(1, runtime.run("exec", id, "true").code());
    assertEquals(size, Files.size(ticks));
    runtime.ok("resume", id);
    while (Files.size(ticks) == size) {
      Thread.onSpinWait();
    }
  }

  @Test
  void systemCallsAreCountedByTheWayTheyCome() throws Exception {
    for (boolean patched : new boolean[] {true, false}) {
      bundle
          .top("\"annotations\": {\"dev.bulwark.patch\": \"" + patched + "\"},")
          .script("while :; do umask; done >/dev/null");
      create();
      runtime.ok("start", id);
      String counts;
      do {
        counts = runtime.ok("events", "--stats", id);
      } while (!counts.matches(
          patched
              ? "(?s).*\"calls\":\\{\"trapped\":\\d+,\"patched\":[1-9]\\d+}.*"
              : "(?s).*\"calls\":\\{\"trapped\":[1-9]\\d{3,},.*"));
      assertEquals(!patched, counts.contains("\"patched\":0}"), counts);
      runtime.ok("delete", "--force", id);
    }
    bundle.top("\"annotations\": {\"dev.bulwark.patch\": \"maybe\"},").command("true");
    assertEquals(1, runBundle().code());
    assertTrue(lastError().contains("dev.bulwark.patch is true or false"));
  }

  @Test
  void theAnnotationChoosesThePlatform() throws Exception {
    bundle
        .top("\"annotations\": {\"dev.bulwark.platform\": \"ptrace\"},")
        .script("while :; do umask; done >/dev/null");
    create();
    runtime.ok("start", id);
    String counts;
    do {
      counts = runtime.ok("events", "--stats", id);
    } while (!counts.matches("(?s).*\"calls\":\\{\"trapped\":[1-9]\\d{2,},.*"));
    assertTrue(counts.contains("\"patched\":0}"), counts);
    runtime.ok("delete", "--force", id);
    bundle.top("\"annotations\": {\"dev.bulwark.platform\": \"kvm\"},").command("true");
    assertEquals(1, runBundle().code());
    assertTrue(lastError().contains("dev.bulwark.platform kvm is not built yet"));
  }

  @Test
  void hooksRunInOrderWithTheState() throws Exception {
    Path log = directory.resolve("hooks");
    StringBuilder hooks = new StringBuilder("\"hooks\": {");
    for (String kind :
        List.of("prestart", "createRuntime", "createContainer", "poststart", "poststop")) {
      hooks.append(hooks.length() > 12 ? "," : "").append(hook(kind, log));
    }
    hooks.append(
        """
        , "startContainer": [{"path": "/bin/sh", "args": ["sh", "-c", "echo inside >/srv/hook"]}]},
        """);
    bundle.top(hooks.toString()).command("sleep", "1000");
    create();
    assertFalse(Files.exists(bundle.root().resolve("srv/hook")));
    runtime.ok("start", id);
    assertEquals("inside\n", OciRuntime.read(bundle.root().resolve("srv/hook")));
    runtime.ok("delete", "--force", id);
    assertEquals(
        """
        prestart "status":"creating
        createRuntime "status":"creating
        createContainer "status":"creating
        poststart "status":"running
        poststop "status":"stopped
        """,
        OciRuntime.read(log));
  }

  private static String hook(String kind, Path log) {
    return """
        "%1$s": [{"path": "/bin/sh", "args": ["sh", "-c",
          "echo %1$s $(grep -o '\\"status\\":\\"[a-z]*') >>%2$s"]}]
        """
        .formatted(kind, log);
  }

  @Test
  void failingHookLeavesNothing() throws Exception {
    bundle
        .top(
            """
            "hooks": {"createRuntime": [{"path": "/bin/sh", "args": ["sh", "-c", "echo no good; exit 3"]}]},
            """)
        .command("true");
    OciRuntime.Result result = runtime.run("create", "--bundle", bundle.directory().toString(), id);
    assertEquals(1, result.code());
    assertTrue(lastError().contains("no good"), lastError());
  }

  @Test
  void badNamesBundlesAndConfigurationsAreRefused() throws Exception {
    bundle.command("true");
    for (String bad : List.of("a/b", "..", ".", "a b")) {
      OciRuntime.Result result =
          runtime.run("create", "--bundle", bundle.directory().toString(), bad);
      assertEquals(1, result.code(), bad);
      assertTrue(lastError().contains("invalid container ID format"), lastError());
    }
    assertEquals(1, runtime.run("create", "--bundle", "/nonexistent", id).code());
    assertTrue(lastError().contains("/nonexistent"), lastError());
    Files.writeString(bundle.directory().resolve("config.json"), "{");
    assertEquals(1, runBundle().code());
    assertTrue(lastError().contains("config.json"), lastError());
    bundle.command("sleep", "1000");
    create();
    OciRuntime.Result second = runtime.run("create", "--bundle", bundle.directory().toString(), id);
    assertEquals(1, second.code());
    assertTrue(lastError().contains("already exists"), lastError());
    assertEquals("created", runtime.status(id));
  }

  @Test
  void everyProcessCanBeKilledAndDeleteRemovesTheRest() throws Exception {
    for (String victim : List.of("keeper", "sentry.boot.Main", "gofer.Main", "stub")) {
      bundle.command("sleep", "1000");
      Path pidFile = directory.resolve("pid");
      create("--pid-file", pidFile.toString());
      runtime.ok("start", id);
      ProcessHandle keeper =
          ProcessHandle.of(Long.parseLong(OciRuntime.read(pidFile))).orElseThrow();
      List<ProcessHandle> all = Stream.concat(Stream.of(keeper), keeper.descendants()).toList();
      assertTrue(all.size() >= 5, all.toString());
      ProcessHandle chosen =
          switch (victim) {
            case "keeper" -> keeper;
            case "stub" ->
                ProcessHandle.of(
                        Long.parseLong(
                            runtime
                                .ok("ps", "--format", "json", id)
                                .strip()
                                .replaceAll("[\\[\\]]", "")
                                .split(",", -1)[0]))
                    .orElseThrow();
            default ->
                all.stream()
                    .filter(p -> p.info().commandLine().orElse("").contains(victim))
                    .findFirst()
                    .orElseThrow();
          };
      chosen.destroyForcibly();
      awaitEnd(keeper);
      runtime.ok("delete", "--force", id);
      for (ProcessHandle each : all) {
        awaitEnd(each);
      }
    }
  }

  /** Waits until a process has ended, whether or not the one that inherited it has noticed. */
  static void awaitEnd(ProcessHandle process) throws Exception {
    long deadline = System.nanoTime() + java.util.concurrent.TimeUnit.SECONDS.toNanos(30);
    Path stat = Path.of("/proc/" + process.pid() + "/stat");
    while (Files.exists(stat)) {
      String line;
      try {
        line = OciRuntime.read(stat);
      } catch (java.io.IOException gone) {
        return;
      }
      if (line.substring(line.lastIndexOf(')')).startsWith(") Z")) {
        return;
      }
      assertTrue(System.nanoTime() < deadline, process + " does not end: " + line);
    }
  }
}
