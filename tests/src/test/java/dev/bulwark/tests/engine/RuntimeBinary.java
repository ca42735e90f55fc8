package dev.bulwark.tests.engine;

import dev.bulwark.tests.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The OCI runtime under test. */
final class RuntimeBinary {
  /** Its name among Docker's runtimes. */
  static final String NAME = System.getProperty("bulwark.engine.runtime", "bulwark");

  /** The name that puts containers into virtual machines. */
  static final String NAME_OF_MACHINES = NAME + "-vm";

  private RuntimeBinary() {}

  /** Whether it is Bulwark, which promises more than runc. */
  static boolean isBulwark() {
    return NAME.equals("bulwark");
  }

  /** Where it is, unless the system property {@code bulwark.engine.path} says otherwise. */
  static Path path() {
    String given = System.getProperty("bulwark.engine.path");
    if (given != null) {
      return Path.of(given);
    }
    return isBulwark() ? Sandbox.HOME.resolve("dist/bulwark") : find(NAME);
  }

  /**
   * Where a command of the host is: in {@code /usr/sbin} or {@code /usr/bin} before the rest of
   * PATH.
   */
  static Path find(String command) {
    String path = "/usr/sbin:/usr/bin:/sbin:/bin:" + System.getenv("PATH");
    return Arrays.stream(path.split(":", -1))
        .map(directory -> Path.of(directory, command))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    command + " is missing: run ./verify, or see setup/test-packages.txt"));
  }
}
