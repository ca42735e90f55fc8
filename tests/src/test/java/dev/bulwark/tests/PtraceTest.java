package dev.bulwark.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The platform ptrace: the families of {@link DifferentialTest} in which a platform can be wrong
 * about something. All families can be run with {@code -Dbulwark.sandbox}.
 */
class PtraceTest {
  private static final Set<String> FAMILIES =
      Set.of("futex", "memory", "process", "seccomp", "signals");

  private static final String OPTION = "--platform=ptrace";
  private static final CaseRuns RUNS = new CaseRuns(Duration.ofSeconds(30), OPTION);

  @TempDir private static Path started;

  @BeforeAll
  static void startSandboxes() {
    RUNS.start(cases());
  }

  @AfterAll
  static void stopSandboxes() throws Exception {
    RUNS.close();
    Comparison.removeWhatCasesLeft(started);
  }

  static List<String> cases() {
    return Cases.names().stream().filter(name -> FAMILIES.contains(Cases.family(name))).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void isTheSameInside(String name) {
    Comparison.assertSame(name, RUNS);
  }

  @Test
  void itIsWhatTheLogSays(@TempDir Path log) throws Exception {
    Sandbox.shell("umask").with(OPTION, "--debug-log", log.toString()).run().expect(0);
    String text = Files.readString(log.resolve("sentry.log"), StandardCharsets.ISO_8859_1);
    assertTrue(text.contains("ptrace system calls: "), text);
  }

  @Test
  void aBusyProcessWithAWaitingThreadIsKilled() {
    // A thread of it waits in a call, one runs.
    String script =
        """
        set +e
        trap : USR1
        python3 -c '
        import threading, time, os
        threading.Thread(target=lambda: time.sleep(1000)).start()
        os.kill(os.getppid(), 10)
        while True: pass
        ' &
        wait
        kill -KILL $!
        wait $!
        echo $?
        """;
    Result result = Debian.bash(script).with(OPTION).run().expect(0);
    assertEquals("137\n", result.out());
  }
}
