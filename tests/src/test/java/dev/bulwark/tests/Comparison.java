package dev.bulwark.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import java.util.Map;

/** A case on the host kernel and in a sandbox: what it prints and how it ends must be equal. */
final class Comparison {
  private static final Map<String, String> EXPECTED = Cases.expectedFailures();

  private Comparison() {}

  /** Compares a case, or finds that it differs if it is listed as one that does. */
  static void assertSame(String name, CaseRuns runs) {
    String program = Cases.program(name);
    Result outside = Cases.needsNetwork(name) ? Native.inNetwork(program) : Native.run(program);
    assertFalse(outside.out().isEmpty(), "the case shows nothing");
    assertNotEquals(99, outside.exitCode(), outside::toString);
    Result inside = runs.take(name);
    if (EXPECTED.containsKey(name)) {
      assertNotEquals(comparable(outside), comparable(inside), "agrees, though it is listed");
    } else {
      assertEquals(comparable(outside), comparable(inside), inside::err);
    }
  }

  private static String comparable(Result result) {
    return result.out() + "--- exit code " + result.exitCode();
  }

  /**
   * Removes what cases left on the host: one that gave its rights away, or built a tree too deep
   * for nftw(3), cannot clean up.
   *
   * @param started older than every directory that a case has made
   */
  static void removeWhatCasesLeft(Path started) throws Exception {
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
}
