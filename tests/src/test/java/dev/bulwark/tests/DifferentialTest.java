package dev.bulwark.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
  private static final CaseRuns RUNS = new CaseRuns(LIMIT);

  /** Older than every directory that a case makes on the host. */
  @TempDir private static Path started;

  @AfterAll
  static void removeWhatCasesLeft() throws Exception {
    Comparison.removeWhatCasesLeft(started);
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
    Comparison.assertSame(name, RUNS);
  }

  @Test
  void expectedFailuresExist() {
    for (String name : Cases.expectedFailures().keySet()) {
      assertTrue(Cases.names().contains(name), name);
    }
  }

  @Test
  void familiesAreCovered() {
    assertTrue(Cases.names().size() >= 150, Cases.names().size() + " cases");
  }
}
