package dev.bulwark.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The C programs under {@code src/test/c}, each of which must print the same everywhere. */
public final class Cases {
  /** The family whose cases need more rights than {@code bulwark do} gives. */
  private static final String PRIVILEGED = "privileged";

  private static final Path SOURCES = Sandbox.HOME.resolve("tests/src/test/c");
  private static final Path EXPECTED_FAILURES = SOURCES.resolve("expected-failures");

  private Cases() {}

  /** The names, {@code family/case}, of those that run in any sandbox, in order. */
  static List<String> names() {
    return all().stream().filter(name -> !family(name).equals(PRIVILEGED)).toList();
  }

  /** The names of those that need rights over the sandbox, such as CAP_SYS_ADMIN, in order. */
  public static List<String> privileged() {
    return all().stream().filter(name -> family(name).equals(PRIVILEGED)).toList();
  }

  private static List<String> all() {
    try (Stream<Path> files = Files.walk(SOURCES, 2)) {
      return files
          .filter(file -> file.getNameCount() == SOURCES.getNameCount() + 2)
          .map(file -> SOURCES.relativize(file).toString())
          .filter(name -> name.endsWith(".c"))
          .map(name -> name.substring(0, name.length() - 2))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The path of the compiled program: linked statically, unless its first line says otherwise. */
  public static String program(String name) {
    try (Stream<String> lines = Files.lines(SOURCES.resolve(name + ".c"))) {
      String first = lines.findFirst().orElse("");
      if (first.startsWith("/* Linked dynamically")) {
        return CProgram.compile(name);
      }
      return CProgram.compile(
          name,
          first.startsWith("/* Linked statically to run anywhere") ? "-static-pie" : "-static");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The part of a case's name before the slash. */
  static String family(String name) {
    return name.substring(0, name.indexOf('/'));
  }

  /** Whether a case uses the Internet protocols, in a network namespace of its own. */
  static boolean needsNetwork(String name) {
    return family(name).equals("inet");
  }

  /** The cases that are known to differ inside, with the reason of each. */
  static Map<String, String> expectedFailures() {
    Map<String, String> reasons = new TreeMap<>();
    try {
      for (String line : Files.readAllLines(EXPECTED_FAILURES)) {
        int colon = line.indexOf(": ");
        if (!line.startsWith("#") && colon > 0) {
          reasons.put(line.substring(0, colon), line.substring(colon + 2));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return reasons;
  }
}
