package dev.bulwark.tests;

import java.time.Duration;
import java.util.ArrayList;
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

  /** Runs a command to its end in a network namespace that has a loopback interface alone. */
  static Result inNetwork(String... command) {
    List<String> words = new ArrayList<>(Network.OWN);
    words.addAll(List.of(command));
    return run(words.toArray(String[]::new));
  }
}
