package dev.bulwark.sentry.loader;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Compiles programs for tests. */
final class Gcc {
  private Gcc() {}

  static byte[] compile(Path directory, String source, String... options)
      throws IOException, InterruptedException {
    Path c = directory.resolve("program.c");
    Path program = directory.resolve("program");
    Files.writeString(c, source);
    List<String> command = new ArrayList<>(List.of("gcc", "-O1", "-o", program.toString()));
    command.addAll(List.of(options));
    command.add(c.toString());
    Process gcc = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (gcc.waitFor() != 0) {
      throw new AssertionError(said);
    }
    return Files.readAllBytes(program);
  }
}
