package dev.bulwark.sentry.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.platform.Platform;
import dev.bulwark.sentry.kernel.WaitStatus;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A C program of the test resources, run on the host's kernel and in a sandbox. */
final class ComparedProgram {
  private final String name;
  private final Path program;

  /**
   * Compiles the program, linked statically.
   *
   * @param name of {@code /programs/NAME.c}
   * @param directory where it may put files
   */
  ComparedProgram(String name, Path directory) throws Exception {
    this.name = name;
    program = directory.resolve(name);
    Path source = directory.resolve(name + ".c");
    try (InputStream text =
        Objects.requireNonNull(
            ComparedProgram.class.getResourceAsStream("/programs/" + name + ".c"))) {
      Files.copy(text, source);
    }
    assertEquals(
        "",
        output(
            "gcc",
            "-O1",
            "-w",
            "-static",
            "-pthread",
            "-o",
            program.toString(),
            source.toString()));
  }

  /** What a command of the host prints. */
  private static String output(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertEquals(0, process.waitFor(), said);
    return said;
  }

  /** Fails unless the program prints the same and exits with 0 on both kernels. */
  void compare(Platform platform, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.addAll(0, List.of("timeout", "20", program.toString()));
    String expected = output(command.toArray(String[]::new));
    SmallSandbox sandbox = new SmallSandbox(platform);
    sandbox.install(program, name);
    command = new ArrayList<>(List.of(arguments));
    command.addFirst("/" + name);
    WaitStatus status = sandbox.run(command.toArray(String[]::new));
    assertEquals(expected, sandbox.output());
    assertEquals(new WaitStatus.Exited(0), status);
  }

  /** Whether the sandbox has a system call. */
  static boolean has(int call) {
    return Topics.table().rows().stream()
        .anyMatch(row -> row.number() == call && row.support() != Support.UNIMPLEMENTED);
  }
}
