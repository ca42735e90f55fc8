package dev.bulwark.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compiles the C programs of {@code src/test/c} into {@code target/c}. */
final class CProgram {
  private static final Path SOURCES = Sandbox.HOME.resolve("tests/src/test/c");
  private static final Path PROGRAMS = Sandbox.HOME.resolve("tests/target/c");

  private CProgram() {}

  /**
   * The path of a program, compiled first when its source is newer.
   *
   * @param name of the source, without {@code .c}
   * @param flags further flags for gcc, such as {@code -static}
   */
  static synchronized String compile(String name, String... flags) {
    try {
      Path source = SOURCES.resolve(name + ".c");
      Path program = PROGRAMS.resolve(name + String.join("", flags));
      Files.createDirectories(program.resolveSibling("."));
      if (!newer(program, source)
          || !newer(program, SOURCES.resolve("case.h"))
          || !newer(program, SOURCES.resolve("inet.h"))) {
        List<String> command =
            new ArrayList<>(List.of("gcc", "-O1", "-Wall", "-Werror", "-pthread", "-I" + SOURCES));
        command.addAll(List.of(flags));
        command.addAll(List.of("-o", program.toString(), source.toString()));
        Execution.start(command, Map.of(), "").await(java.time.Duration.ofMinutes(1)).expect(0);
      }
      return program.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean newer(Path program, Path source) throws IOException {
    return Files.exists(program)
        && Files.getLastModifiedTime(program).compareTo(Files.getLastModifiedTime(source)) >= 0;
  }
}
