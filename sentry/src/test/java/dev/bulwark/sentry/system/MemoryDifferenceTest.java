package dev.bulwark.sentry.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.platform.Platform;
import dev.bulwark.platform.systrap.SystrapPlatform;
import dev.bulwark.sentry.kernel.WaitStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program that asks for everything about memory prints in a sandbox what it prints on the host.
 */
@Timeout(120)
final class MemoryDifferenceTest {
  @TempDir Path directory;

  @Test
  void memoryIsAsOnTheHost() throws Exception {
    Path program = compile("memory.c");
    String host = run(List.of(program.toString(), directory.resolve("file").toString()));
    try (Platform platform = new SystrapPlatform(1, () -> {})) {
      SmallSandbox sandbox = new SmallSandbox(platform);
      sandbox.install(program, "program");
      WaitStatus status = sandbox.run("/program", "/file");
      assertEquals(host, sandbox.output());
      assertEquals(new WaitStatus.Exited(0), status);
    }
  }

  @Test
  void threadsThatRaceForTheirMemoryHarmOnlyThemselves() throws Exception {
    Path program = compile("races.c");
    try (Platform platform = new SystrapPlatform(1, () -> {})) {
      SmallSandbox sandbox = new SmallSandbox(platform);
      sandbox.install(program, "program");
      WaitStatus status = sandbox.run("/program", "2", "/file");
      assertEquals("0 0 \ndone\n", sandbox.output());
      assertEquals(new WaitStatus.Exited(0), status);
    }
  }

  private Path compile(String source) throws IOException, InterruptedException {
    Path c = directory.resolve(source);
    Path program = directory.resolve("program");
    try (InputStream text = getClass().getResourceAsStream(source)) {
      Files.copy(Objects.requireNonNull(text), c);
    }
    run(List.of("gcc", "-O1", "-w", "-static", "-o", program.toString(), c.toString()));
    return program;
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertEquals(true, process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), said);
    return said;
  }
}
