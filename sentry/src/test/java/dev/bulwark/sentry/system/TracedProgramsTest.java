package dev.bulwark.sentry.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.platform.Platform;
import dev.bulwark.platform.systrap.SystrapPlatform;
import dev.bulwark.sentry.kernel.WaitStatus;
import dev.bulwark.sentry.trace.TraceFilter;
import dev.bulwark.sentry.trace.Tracer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a trace shows of a real program. */
@Timeout(60)
final class TracedProgramsTest {
  private static Platform platform;

  @BeforeAll
  static void start() throws IOException {
    platform = new SystrapPlatform(1, () -> {});
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  private static String trace(String filter, String script) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SmallSandbox sandbox = new SmallSandbox(platform);
    sandbox.installWithLibraries("/bin/bash");
    sandbox.kernel().setTracer(new Tracer(TraceFilter.parse(filter), out));
    assertEquals(
        new WaitStatus.Exited(3), sandbox.run("/bin/bash", "-c", script), sandbox.output());
    return out.toString(ISO_8859_1).replaceAll(" <\\d+\\.\\d{6}>", "");
  }

  @Test
  void childrenSignalsAndEndsAreShown() throws Exception {
    String text =
        trace(
            "wait4,exit_group",
            "(exit 7); (kill -TERM $BASHPID); trap : USR1; kill -USR1 $$; exit 3");
    assertTrue(text.matches("(?s).*\\[pid +\\d+\\] exit_group\\(7\\) = \\?\n.*"), text);
    assertTrue(text.contains("] +++ exited with 7 +++\n"), text);
    assertTrue(text.contains("WIFEXITED(s) && WEXITSTATUS(s) == 7}], "), text);
    assertTrue(text.contains("--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid="), text);
    assertTrue(text.contains("--- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=1, "), text);
    assertTrue(text.contains("] +++ killed by SIGTERM +++\n"), text);
    assertTrue(text.endsWith("[pid     1] +++ exited with 3 +++\n"), text);
  }

  @Test
  void failuresAloneCanBeShown() throws Exception {
    String text = trace("%file; status=failed; signal=none", "exec < /missing; exit 3");
    assertTrue(
        text.contains("\"/missing\", O_RDONLY) = -1 ENOENT (No such file or directory)\n"), text);
    assertTrue(text.lines().noneMatch(line -> line.contains(") = 0")), text);
  }
}
