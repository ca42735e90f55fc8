package dev.bulwark.tests.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tests.CProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A mistake in the Sentry costs the process that met it, and the last line of standard error says
 * what happened and where the log is. The mistakes are in src/test/attack/FaultySentry.java.
 */
class FaultTest {
  @TempDir static Path directory;
  private static TestBuild build;

  @BeforeAll
  static void make() throws IOException {
    build = new TestBuild(directory, "sentry", "FaultySentry.java", "dev/bulwark/sentry/syscall");
  }

  private static String last(String said) {
    return said.lines().reduce("", (_, line) -> line);
  }

  @ParameterizedTest
  @CsvSource({
    "0, java.lang.IllegalStateException: a mistake",
    "1, java.lang.StackOverflowError",
    "2, java.lang.OutOfMemoryError",
  })
  void theProgramIsKilledAndTheMistakeNamed(int how, String mistake) throws Exception {
    Path logs = Files.createTempDirectory(directory, "logs");
    TestBuild.Ended ended =
        build.run("--debug-log", logs.toString(), CProgram.compile("fault"), "" + how);
    assertEquals(128 + 9, ended.code(), ended.said());
    String line = last(ended.said());
    assertTrue(
        line.contains("the Sentry failed in system call sysinfo of process 1 (fault)"), line);
    assertTrue(line.contains(mistake), line);
    assertTrue(line.contains(logs.toString()), line);
  }

  @Test
  void otherProcessesGoOn() throws Exception {
    TestBuild.Ended ended = build.run(CProgram.compile("fault"), "child", "0");
    assertEquals(3, ended.code(), ended.said());
    assertTrue(ended.said().contains("signal 9\n"), ended.said());
    String sentence =
        "the program ended with code 3; the Sentry failed in system call sysinfo of process 2 (fault)";
    assertTrue(last(ended.said()).contains(sentence), ended.said());
    String log = last(ended.said()).replaceFirst(".*; its log is ", "");
    assertTrue(Files.readString(Path.of(log)).contains("SysinfoCalls.fail"), log);
  }

  @Test
  void theDeathOfTheSentryIsNamed() throws Exception {
    TestBuild.Ended ended = build.run(CProgram.compile("fault"), "3");
    assertEquals(125, ended.code(), ended.said());
    assertEquals(
        "bulwark: the sandbox has ended because its Sentry ended with code 7", last(ended.said()));
  }
}
