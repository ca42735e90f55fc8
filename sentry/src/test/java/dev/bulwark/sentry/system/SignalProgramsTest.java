package dev.bulwark.sentry.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulwark.linux.Sys;
import dev.bulwark.platform.Platform;
import dev.bulwark.platform.systrap.SystrapPlatform;
import dev.bulwark.sentry.kernel.WaitStatus;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A C program about signals must print inside what it prints on the host's kernel. */
@Timeout(60)
final class SignalProgramsTest {
  @TempDir static Path directory;
  private static Platform platform;
  private static Path program;

  @BeforeAll
  static void start() throws Exception {
    platform = new SystrapPlatform(() -> {});
    program = directory.resolve("signals");
    Path source = directory.resolve("signals.c");
    try (InputStream text =
        Objects.requireNonNull(
            SignalProgramsTest.class.getResourceAsStream("/programs/signals.c"))) {
      Files.copy(text, source);
    }
    assertEquals(
        "",
        output(
            0,
            "gcc",
            "-O1",
            "-w",
            "-static",
            "-pthread",
            "-o",
            program.toString(),
            source.toString()));
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  /** What a command of the host prints. */
  private static String output(int code, String... command)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertEquals(code, process.waitFor(), said);
    return said;
  }

  private static boolean has(int call) {
    return Topics.table().rows().stream()
        .anyMatch(row -> row.number() == call && row.support() != Support.UNIMPLEMENTED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "handlers",
        "queues",
        "nesting",
        "order",
        "restarting",
        "faults",
        "exceptions",
        "context_changes",
        "floating_point",
        "stacks",
        "waits",
        "children",
        "pipes",
        "threads",
        "inheritance",
        "sleeping",
        "errors"
      })
  void printsTheSameAsOnTheHost(String name) throws Exception {
    assumeTrue(!name.equals("threads") || has(Sys.FUTEX), "without futexes");
    assumeTrue(!name.equals("sleeping") || has(Sys.CLOCK_NANOSLEEP), "without sleeping");
    String expected = output(0, program.toString(), name);
    SmallSandbox sandbox = new SmallSandbox(platform);
    sandbox.install(program, "signals");
    WaitStatus status = sandbox.run("/signals", name);
    assertEquals(expected, sandbox.output());
    assertEquals(new WaitStatus.Exited(0), status);
  }
}
