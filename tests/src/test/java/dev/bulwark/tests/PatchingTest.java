package dev.bulwark.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Programs see the same whether their calls trap or not. The cases are those where it could matter
 * most; {@link DifferentialTest} can be run in either mode as a whole with {@code
 * -Dbulwark.sandbox}.
 */
class PatchingTest {
  private static final Pattern COUNTS =
      Pattern.compile("system calls: (\\d+) trapped, (\\d+) from patched sites");

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "memory/call_sites, --patch-after=1",
    "memory/call_sites, --no-patch",
    "memory/fork_copy, --patch-after=1",
    "memory/mremap, --patch-after=1",
    "signals/registers, --patch-after=1",
    "signals/restart, --patch-after=1",
    "signals/single_step, --patch-after=1",
    "signals/suspend, --patch-after=1",
  })
  void aCaseIsTheSame(String name, String option) {
    String program = Cases.program(name);
    Result outside = Native.run(program);
    Result inside = Sandbox.of(program).with(option).limit(Duration.ofSeconds(60)).run();
    assertEquals(outside.out(), inside.out(), inside::err);
    assertEquals(outside.exitCode(), inside.exitCode());
  }

  private static long[] counts(Path log, String... options) throws Exception {
    Result result =
        Sandbox.shell("i=0; while [ $i -lt 1000 ]; do umask >/dev/null; i=$((i + 1)); done")
            .with("--debug-log", log.toString())
            .with(options)
            .run();
    assertEquals(0, result.exitCode(), result::err);
    String text = Files.readString(log.resolve("sentry.log"), StandardCharsets.ISO_8859_1);
    Matcher found = COUNTS.matcher(text);
    assertTrue(found.find(), text);
    return new long[] {Long.parseLong(found.group(1)), Long.parseLong(found.group(2))};
  }

  @Test
  void mostCallsOfABusyProgramDoNotTrapUnlessTheyShall(@TempDir Path log) throws Exception {
    long[] usual = counts(Files.createDirectory(log.resolve("usual")));
    assertTrue(usual[1] > 3 * usual[0], usual[0] + " trapped, " + usual[1] + " patched");
    long[] never = counts(Files.createDirectory(log.resolve("never")), "--no-patch");
    assertEquals(0, never[1]);
    assertTrue(never[0] > usual[0]);
  }
}
