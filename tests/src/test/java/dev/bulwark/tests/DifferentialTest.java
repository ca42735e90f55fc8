package dev.bulwark.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs every case on the host kernel and in a sandbox: what it prints and how it ends must be
 * equal. The cases of a family share a sandbox; one that is tried again has its own. {@code
 * src/test/c/expected-failures} lists the cases that are known to differ; one that agrees in spite
 * of that fails too, so that the list can only shrink.
 */
class DifferentialTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Map<String, String> EXPECTED = Cases.expectedFailures();
  private static final CaseRuns RUNS = new CaseRuns(LIMIT);

  /** Older than every directory that a case makes on the host. */
  @TempDir private static Path started;

  /** A case that gave its rights away, or built a tree too deep for nftw(3), cannot clean up. */
  @AfterAll
  static void removeWhatCasesLeft() throws Exception {
    Process find =
        new ProcessBuilder(
                "find",
                "/tmp",
                "-maxdepth",
                "1",
                "-type",
                "d",
                "-name",
                "case.??????",
                "-newer",
                started.toString(),
                "-exec",
                "rm",
                "-rf",
                "{}",
                "+")
            .inheritIO()
            .start();
    assertEquals(0, find.waitFor());
  }

  @BeforeAll
  static void startSandboxes() {
    RUNS.start(Cases.names());
  }

  @AfterAll
  static void stopSandboxes() {
    RUNS.close();
  }

  static List<String> cases() {
    return Cases.names();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void isTheSameInside(String name) {
    String program = Cases.program(name);
    Result outside = Cases.needsNetwork(name) ? Native.inNetwork(program) : Native.run(program);
    assertFalse(outside.out().isEmpty(), "the case shows nothing");
    assertNotEquals(99, outside.exitCode(), outside::toString);
    Result inside = RUNS.take(name);
    if (EXPECTED.containsKey(name)) {
      assertNotEquals(comparable(outside), comparable(inside), "agrees, though it is listed");
    } else {
      assertEquals(comparable(outside), comparable(inside), inside::err);
    }
  }

  private static String comparable(Result result) {
    return result.out() + "--- exit code " + result.exitCode();
  }

  @Test
  void expectedFailuresExist() {
    for (String name : EXPECTED.keySet()) {
      assertTrue(Cases.names().contains(name), name);
    }
  }

  @Test
  void familiesAreCovered() {
    assertTrue(Cases.names().size() >= 150, Cases.names().size() + " cases");
  }
}
