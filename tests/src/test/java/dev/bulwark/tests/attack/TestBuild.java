package dev.bulwark.tests.attack;

import dev.bulwark.tests.Sandbox;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A copy of the build in which one process's entry point is an attacker's. */
final class TestBuild {
  private static final Path LIBRARIES = Sandbox.HOME.resolve("dist/lib");
  private static final Path SOURCES = Path.of("src/test/attack");
  private static final long LIMIT_SECONDS = 60;

  private final Path home;

  /**
   * Builds.
   *
   * @param home an empty directory
   * @param module whose archive gets another entry point
   * @param source the file with the class, of which the name in the archive is given by {@code
   *     entry}
   */
  TestBuild(Path home, String module, String source, String entry) throws IOException {
    this.home = home;
    Path lib = Files.createDirectories(home.resolve("lib"));
    try (Stream<Path> files = Files.list(LIBRARIES)) {
      for (Path file : files.toList()) {
        Files.copy(file, lib.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    Path classes = Files.createDirectories(home.resolve("classes"));
    Path renamed = classes.resolve("Main.java");
    Files.copy(SOURCES.resolve(source), renamed);
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-nowarn",
                "-cp",
                archives(lib),
                "-d",
                classes.toString(),
                renamed.toString());
    if (failed != 0) {
      throw new IOException(source + " does not compile");
    }
    URI archive = URI.create("jar:" + lib.resolve("bulwark-" + module + ".jar").toUri());
    Path made = classes.resolve(entry);
    try (FileSystem jar = FileSystems.newFileSystem(archive, Map.of());
        Stream<Path> all = Files.list(made)) {
      for (Path file : all.toList()) {
        Files.copy(
            file,
            jar.getPath("/" + entry, file.getFileName().toString()),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** The compiler's programming interface knows no wildcards. */
  private static String archives(Path lib) throws IOException {
    try (Stream<Path> files = Files.list(lib)) {
      return files
          .map(Path::toString)
          .filter(name -> name.endsWith(".jar"))
          .collect(Collectors.joining(":"));
    }
  }

  /** What a run ended with, and all that it said. */
  record Ended(int code, String said) {}

  /** Runs {@code bulwark do} of this build. */
  Ended run(String... options) throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.library.path=" + home.resolve("lib"),
                "-Dbulwark.home=" + home,
                "-Djava.io.tmpdir=" + home,
                "-cp",
                home.resolve("lib") + "/*",
                "dev.bulwark.cli.Main",
                "do"));
    line.addAll(List.of(options));
    Path output = Files.createTempFile(home, "output", "");
    Process process =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectInput(new java.io.File("/dev/null"))
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("hangs: " + Files.readString(output));
    }
    return new Ended(process.exitValue(), Files.readString(output));
  }
}
