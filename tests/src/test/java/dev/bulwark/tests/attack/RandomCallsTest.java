package dev.bulwark.tests.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tests.CProgram;
import dev.bulwark.tests.Result;
import dev.bulwark.tests.Sandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random system calls with random arguments: the Sentry makes no mistake and lives, the host is as
 * it was. The property {@code bulwark.random.calls} asks for more of them, {@code
 * bulwark.random.seed} for others.
 */
class RandomCallsTest {
  private static final long CALLS = Long.getLong("bulwark.random.calls", 50_000);
  private static final long SEED = Long.getLong("bulwark.random.seed", 1);

  /** Even on a busy machine a thousand take no longer. */
  private static final Duration LIMIT = Duration.ofSeconds(60 + CALLS / 1000);

  @TempDir private Path logs;

  private static String host() throws IOException {
    return String.join(
        "\n",
        Files.readString(Path.of("/proc/sys/kernel/hostname")),
        Files.readString(Path.of("/proc/sys/kernel/domainname")),
        Files.readString(Path.of("/proc/self/mountinfo")),
        Files.readString(Path.of("/proc/swaps")),
        Files.readString(Path.of("/etc/passwd")));
  }

  @Test
  void neitherSentryNorHostNoticesThem() throws IOException {
    Path sign = Path.of("/tmp/fuzz");
    assertFalse(Files.exists(sign), sign + " is there before the test");
    String before = host();
    Result result =
        Sandbox.of(CProgram.compile("randomcalls"), "" + CALLS, "" + SEED)
            .with("--debug-log", logs.toString())
            .limit(LIMIT)
            .run();
    String log = Files.readString(logs.resolve("sentry.log"), StandardCharsets.ISO_8859_1);
    assertFalse(log.contains("the Sentry failed"), log);
    assertEquals(0, result.exitCode(), result.toString());
    assertTrue(result.out().endsWith("still here\n"), result.toString());
    assertEquals(before, host());
    assertFalse(Files.exists(sign), sign + " came out of the sandbox");
  }
}
