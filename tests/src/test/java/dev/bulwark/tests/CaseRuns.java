package dev.bulwark.tests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * Cases run in sandboxes, in the background and a family at a time: {@code each.c} is the first
 * process of such a sandbox and ends whatever a case leaves behind before it starts the next one.
 * Thread-safe.
 */
final class CaseRuns implements AutoCloseable {
  private final Duration limit;
  private final String[] options;
  private final ExecutorService compilers = Executors.newFixedThreadPool(2);
  private final ExecutorService sandboxes = Executors.newSingleThreadExecutor();
  private final Map<String, CompletableFuture<FamilyRun>> families = new HashMap<>();

  /**
   * Nothing runs yet.
   *
   * @param limit how long a case may take
   * @param options of {@code bulwark do}
   */
  CaseRuns(Duration limit, String... options) {
    this.limit = limit;
    this.options = options.clone();
  }

  /**
   * Compiles cases and runs them, family by family. Returns at once; does nothing the second time,
   * when tests that failed are tried again.
   */
  void start(List<String> names) {
    if (!families.isEmpty()) {
      return;
    }
    Map<String, List<String>> byFamily =
        names.stream()
            .collect(Collectors.groupingBy(Cases::family, TreeMap::new, Collectors.toList()));
    byFamily.forEach((family, cases) -> families.put(family, startFamily(cases)));
  }

  private CompletableFuture<FamilyRun> startFamily(List<String> cases) {
    CompletableFuture<?>[] compiled =
        cases.stream()
            .map(name -> CompletableFuture.supplyAsync(() -> Cases.program(name), compilers))
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(compiled).thenApplyAsync(_ -> run(cases), sandboxes);
  }

  private FamilyRun run(List<String> cases) {
    List<String> words = new ArrayList<>();
    words.add(CProgram.compile("each", "-static"));
    words.add(Long.toString(limit.toMillis()));
    cases.forEach(name -> words.add(Cases.program(name)));
    Sandbox sandbox = Sandbox.of(words.toArray(String[]::new));
    return FamilyRun.of(
        cases, in(sandbox, cases.getFirst()).limit(limit.multipliedBy(cases.size())).run());
  }

  private Sandbox in(Sandbox sandbox, String name) {
    Sandbox chosen = sandbox.with(options);
    return Cases.needsNetwork(name) ? chosen.inNetwork() : chosen;
  }

  /**
   * How a case ended inside. What its family's sandbox has brought is given out once: whoever asks
   * again, or for a case that its sandbox did not live to see, has it run alone.
   *
   * @throws AssertionError when the sandbox ended during this case, or the case took too long
   */
  Result take(String name) {
    Result result =
        Objects.requireNonNull(families.get(Cases.family(name)), name).join().take(name);
    return result != null ? result : in(Sandbox.of(Cases.program(name)).limit(limit), name).run();
  }

  @Override
  public void close() {
    compilers.close();
    sandboxes.close();
  }
}
