package dev.bulwark.sentry.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulwark.linux.Sys;
import dev.bulwark.platform.Platform;
import dev.bulwark.platform.systrap.SystrapPlatform;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** C programs about signals and terminals must print inside what they print on the host. */
@Timeout(60)
final class SignalProgramsTest {
  @TempDir static Path directory;
  private static Platform platform;
  private static ComparedProgram signals;
  private static ComparedProgram terminals;

  @BeforeAll
  static void start() throws Exception {
    platform = new SystrapPlatform(1, () -> {});
    signals = new ComparedProgram("signals", directory);
    terminals = new ComparedProgram("terminals", directory);
  }

  @AfterAll
  static void stop() {
    platform.close();
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
        "errors",
        "descriptors"
      })
  void signalsLookAsOnTheHost(String name) throws Exception {
    assumeTrue(!name.equals("threads") || ComparedProgram.has(Sys.FUTEX), "without futexes");
    assumeTrue(
        !name.equals("sleeping") || ComparedProgram.has(Sys.CLOCK_NANOSLEEP), "without sleeping");
    signals.compare(platform, name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"pair", "keys", "sessions", "jobs", "resize", "hangup", "packets", "timed"})
  void terminalsLookAsOnTheHost(String name) throws Exception {
    assumeTrue(
        !name.equals("jobs") || ComparedProgram.has(Sys.CLOCK_NANOSLEEP), "without sleeping");
    terminals.compare(platform, name);
  }
}
