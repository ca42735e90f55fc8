package dev.bulwark.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageTest {

  private static void assertOneSentence(Result result) {
    assertEquals("", result.out());
    assertTrue(
        result.err().startsWith("bulwark: ") && result.err().lines().count() == 1,
        result.toString());
  }

  @Test
  void unknownOptionIsTwo() {
    Result result = Sandbox.of("true").with("--no-such-option").run().expect(2);
    assertOneSentence(result);
    assertTrue(result.err().contains("--no-such-option"), result.toString());
  }

  @Test
  void missingRootDirectoryIsRuntimeFailureThatNamesItAndTheOption() {
    Result result = Sandbox.of("true").with("--root", "/no/such/root").run().expect(125);
    assertOneSentence(result);
    assertTrue(
        result.err().contains("/no/such/root") && result.err().contains("--root"),
        result.toString());
  }

  @Test
  void unwritableTraceFileIsRuntimeFailureThatNamesItAndTheOption() {
    Result result = Sandbox.of("true").with("--strace=/no/such/file").run().expect(125);
    assertOneSentence(result);
    assertTrue(
        result.err().contains("/no/such/file") && result.err().contains("--strace"),
        result.toString());
  }

  @Test
  void tableOfSystemCallsIsPrinted() {
    Result result = Native.run("./bulwark", "syscalls").expect(0);
    assertTrue(result.out().contains("| 0 | read |"), result.toString());
  }

  @Test
  void whatEnginesStartSaysWhenItsJdkIsGone(@TempDir Path directory) throws IOException {
    String text = Files.readString(Sandbox.HOME.resolve("dist/bulwark"));
    Path copy =
        Files.writeString(
            directory.resolve("bulwark"), text.replaceFirst("java='.*'", "java=/no/such/java"));
    Result result = Native.run("sh", copy.toString(), "--version").expect(125);
    assertOneSentence(result);
    assertTrue(
        result.err().contains("/no/such/java") && result.err().contains("dist/built"),
        result.toString());
  }
}
