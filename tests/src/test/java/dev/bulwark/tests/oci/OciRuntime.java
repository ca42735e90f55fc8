package dev.bulwark.tests.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.bulwark.tests.Sandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The runtime's command line with a state root of its own. */
final class OciRuntime {
  private static final long LIMIT_SECONDS = 60;

  /** Machines are emulated, and boot while others do. */
  private static final long MACHINE_LIMIT_SECONDS = 240;

  private final Path directory;
  private final List<String> globals;
  private final long limit;

  OciRuntime(Path directory) {
    this(directory, List.of(), LIMIT_SECONDS);
  }

  private OciRuntime(Path directory, List<String> globals, long limit) {
    this.directory = directory;
    this.globals = globals;
    this.limit = limit;
  }

  /** The same, with virtual machines around containers. */
  static OciRuntime ofMachines(Path directory) {
    return new OciRuntime(
        directory, List.of("--wall", "vm", "--accel", "tcg"), MACHINE_LIMIT_SECONDS);
  }

  /**
   * What a command did.
   *
   * @param code its exit code
   * @param out both its outputs, a byte string
   */
  record Result(int code, String out) {}

  /** Runs a command of the runtime to its end. */
  Result run(String... words) throws Exception {
    List<String> line = new ArrayList<>();
    line.add(Sandbox.HOME.resolve("dist/bulwark").toString());
    line.addAll(
        List.of("--root", root().toString(), "--log", log().toString(), "--log-format", "json"));
    line.addAll(globals);
    line.addAll(List.of(words));
    Path output = Files.createTempFile(directory, "output", "");
    Process process =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectInput(new java.io.File("/dev/null"))
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(limit, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(line + " hangs: " + read(output));
    }
    return new Result(process.exitValue(), read(output));
  }

  /** The same for one that has to succeed; gives its output. */
  String ok(String... words) throws Exception {
    Result result = run(words);
    if (result.code != 0) {
      throw new AssertionError(List.of(words) + ": " + result);
    }
    return result.out;
  }

  Path root() {
    return directory.resolve("state");
  }

  Path log() {
    return directory.resolve("log.json");
  }

  /** The container's status, as {@code state} tells it. */
  String status(String id) throws Exception {
    return ok("state", id)
        .lines()
        .filter(line -> line.contains("\"status\""))
        .map(line -> line.split("\"", -1)[3])
        .findFirst()
        .orElseThrow();
  }

  /** Waits until a container has a status. */
  void await(String id, String status) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(limit);
    while (!status(id).equals(status)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(id + " is " + status(id) + ", not " + status);
      }
    }
  }

  /** Looks for states, and for cgroups of containers that were deleted. */
  void assertNothingIsLeft(String... ids) throws IOException {
    if (Files.exists(root())) {
      try (Stream<Path> left = Files.list(root())) {
        assertEquals(List.of(), left.toList());
      }
    }
    for (String id : ids) {
      for (String controller : List.of("memory", "pids", "freezer", "unified", ".")) {
        Path cgroup = Path.of("/sys/fs/cgroup", controller, "bulwark", id);
        assertFalse(Files.exists(cgroup), cgroup + " is left");
      }
    }
  }

  static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }
}
