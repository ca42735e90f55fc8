package dev.bulwark.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Compiles the C programs of {@code src/test/c} into {@code target/c}. */
public final class CProgram {
  private static final Path SOURCES = Sandbox.HOME.resolve("tests/src/test/c");
  private static final Path PROGRAMS = Sandbox.HOME.resolve("tests/target/c");

  private CProgram() {}

  /**
   * Programs that are known to be up to date; a name's entry keeps others from compiling it too.
   */
  private static final Map<String, String> COMPILED = new ConcurrentHashMap<>();

  /**
   * The path of a program, compiled first when its source is newer. Thread-safe.
   *
   * @param name of the source, without {@code .c}
   * @param flags further flags for gcc, such as {@code -static}
   */
  public static String compile(String name, String... flags) {
    String program = name + String.join("", flags);
    return COMPILED.computeIfAbsent(program, _ -> bringUpToDate(name, program, List.of(flags)));
  }

  private static String bringUpToDate(String name, String programName, List<String> flags) {
    try {
      Path source = SOURCES.resolve(name + ".c");
      Path program = PROGRAMS.resolve(programName);
      Files.createDirectories(program.resolveSibling("."));
      if (!newer(program, source)
          || !newer(program, SOURCES.resolve("case.h"))
          || !newer(program, SOURCES.resolve("inet.h"))) {
        List<String> command =
            new ArrayList<>(List.of("gcc", "-O1", "-Wall", "-Werror", "-pthread", "-I" + SOURCES));
        command.addAll(flags);
        command.addAll(List.of("-o", program.toString(), source.toString()));
        Execution.start(command, Map.of(), "").await(Duration.ofMinutes(1)).expect(0);
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
