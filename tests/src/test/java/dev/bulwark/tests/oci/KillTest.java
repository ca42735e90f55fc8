package dev.bulwark.tests.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tests.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL for the runtime's commands wherever they are, and for the keepers of further processes:
 * {@code delete --force} removes what they leave.
 */
@Timeout(600)
class KillTest {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  @TempDir private Path directory;
  private OciRuntime runtime;
  private String bundle;
  private String id;

  @BeforeEach
  void prepare() throws Exception {
    runtime = new OciRuntime(directory);
    Bundle made = Bundle.in(Files.createDirectory(directory.resolve("bundle")));
    made.command("sleep", "1000");
    bundle = made.directory().toString();
    id = "kill-" + ProcessHandle.current().pid();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    runtime.ok("delete", "--force", id);
    assertNothingIsLeft("at the end");
  }

  private void assertNothingIsLeft(String when) throws Exception {
    runtime.assertNothingIsLeft(id);
    // what was killed last is about to be gone
    long deadline = System.nanoTime() + LIMIT_NANOS;
    List<String> left = holders();
    while (!left.isEmpty()) {
      assertTrue(System.nanoTime() < deadline, when + ": " + left);
      left = holders();
    }
  }

  /** The processes that have a file of the test's open: logs, root directories. */
  private List<String> holders() throws IOException {
    List<String> all = new ArrayList<>();
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      for (Path process :
          entries.filter(p -> p.getFileName().toString().matches("\\d+")).toList()) {
        if (holds(process)) {
          all.add(process + " " + OciRuntime.read(process.resolve("cmdline")).replace('\0', ' '));
        }
      }
    } catch (java.nio.file.NoSuchFileException gone) {
      return List.of("a process that has just ended");
    }
    return all;
  }

  private boolean holds(Path process) {
    try (Stream<Path> files = Files.list(process.resolve("fd"))) {
      for (Path file : files.toList()) {
        if (Files.readSymbolicLink(file).startsWith(directory)) {
          return true;
        }
      }
    } catch (IOException gone) {
      return false;
    }
    return false;
  }

  private Process begin(String... words) throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of(
                Sandbox.HOME.resolve("bulwark").toString(),
                "--root",
                runtime.root().toString(),
                "--log",
                runtime.log().toString()));
    line.addAll(List.of(words));
    return new ProcessBuilder(line)
        .redirectInput(new java.io.File("/dev/null"))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /**
   * Runs a command once to see how long it takes, and then kills it after one part of that time
   * after another.
   *
   * @param ready brings the container to where the command can run
   */
  private void killEverywhere(int parts, Action ready, String... words) throws Exception {
    ready.run();
    long begun = System.nanoTime();
    assertEquals(0, begin(words).waitFor());
    long whole = System.nanoTime() - begun;
    for (int part = 0; part < parts; part++) {
      runtime.ok("delete", "--force", id);
      ready.run();
      Process command = begin(words);
      if (!command.waitFor(whole * part / parts, TimeUnit.NANOSECONDS)) {
        command.destroyForcibly().waitFor();
      }
      runtime.ok("delete", "--force", id);
      assertNothingIsLeft("after part " + part + " of " + parts + " of " + List.of(words));
    }
  }

  private interface Action {
    void run() throws Exception;
  }

  private void nothing() {}

  private void create() throws Exception {
    runtime.ok("create", "--bundle", bundle, id);
  }

  private void start() throws Exception {
    create();
    runtime.ok("start", id);
  }

  @Test
  void createLeavesNothingThatDeleteDoesNotRemove() throws Exception {
    killEverywhere(10, this::nothing, "create", "--bundle", bundle, id);
  }

  @Test
  void startLeavesNothingThatDeleteDoesNotRemove() throws Exception {
    killEverywhere(4, this::create, "start", id);
  }

  @Test
  void execLeavesNothingThatDeleteDoesNotRemove() throws Exception {
    killEverywhere(4, this::start, "exec", "--detach", id, "sleep", "1000");
  }

  @Test
  void deleteLeavesNothingThatDeleteDoesNotRemove() throws Exception {
    killEverywhere(4, this::start, "delete", "--force", id);
  }

  @Test
  void deathOfAnotherKeeperEndsItsProcessAlone() throws Exception {
    start();
    Path pidFile = directory.resolve("exec.pid");
    runtime.ok("exec", "--detach", "--pid-file", pidFile.toString(), id, "sleep", "1000");
    assertEquals(2, sleepers());
    ProcessHandle.of(Long.parseLong(OciRuntime.read(pidFile))).orElseThrow().destroyForcibly();
    long deadline = System.nanoTime() + LIMIT_NANOS;
    while (sleepers() > 1) {
      assertTrue(System.nanoTime() < deadline, "the process goes on without its keeper");
    }
    assertEquals("running", runtime.status(id));
  }

  private long sleepers() throws Exception {
    return runtime.ok("ps", id).lines().filter(line -> line.endsWith(" sleep")).count();
  }

  /**
   * Linux's first process of a namespace is the last that ends, and others count as long as nobody
   * has waited for them; engines rely on it.
   */
  @Test
  void containersKeeperOutlivesOthersUntilTheyAreWaitedFor() throws Exception {
    Path pidFile = directory.resolve("pid");
    runtime.ok("create", "--bundle", bundle, "--pid-file", pidFile.toString(), id);
    runtime.ok("start", id);
    ProcessHandle keeper = ProcessHandle.of(Long.parseLong(OciRuntime.read(pidFile))).orElseThrow();
    // What becomes of the shell never waits for the keeper that the shell has started.
    Process careless =
        new ProcessBuilder(
                "sh",
                "-c",
                "\"$@\" & exec sleep 1000",
                "sh",
                Sandbox.HOME.resolve("bulwark").toString(),
                "--root",
                runtime.root().toString(),
                "exec",
                id,
                "sleep",
                "1000")
            .redirectInput(new java.io.File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long deadline = System.nanoTime() + LIMIT_NANOS;
    while (sleepers() < 2) {
      assertTrue(System.nanoTime() < deadline, "exec starts nothing");
    }
    runtime.ok("kill", id, "KILL");
    while (keeper.children().findAny().isPresent()) {
      assertTrue(System.nanoTime() < deadline, "the sandbox does not end");
    }
    assertEquals("running", runtime.status(id));
    careless.destroyForcibly().waitFor();
    runtime.await(id, "stopped");
  }
}
