package dev.bulwark.tests;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The same commands on the host kernel, to compare with. */
final class Native {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Native() {}

  /** Runs a command to its end. */
  static Result run(String... command) {
    return Execution.start(List.of(command), Map.of(), "").await(LIMIT);
  }
}
