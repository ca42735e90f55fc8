package dev.bulwark.tests;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code each.c} told of the cases that shared a sandbox. Thread-safe. */
final class FamilyRun {
  /** The code that {@code each.c} gives to what takes too long. */
  private static final int TOO_LONG = 124;

  private final Map<String, Result> results = new HashMap<>();
  private final Result sandbox;

  /** The case that was running when the sandbox ended too early, else null. */
  private @Nullable String interrupted;

  private FamilyRun(Result sandbox) {
    this.sandbox = sandbox;
  }

  /**
   * Reads it.
   *
   * @param cases in the order in which they were run
   * @param sandbox what the sandbox printed, and its end
   */
  static FamilyRun of(List<String> cases, Result sandbox) {
    FamilyRun run = new FamilyRun(sandbox);
    String text = sandbox.out();
    int at = 0;
    for (String name : cases) {
      int begun = text.indexOf('\n', at);
      int ended = begun < 0 ? -1 : text.indexOf('\n', begun + 1);
      if (begun < 0) {
        return run;
      }
      run.interrupted = name;
      if (ended < 0) {
        return run;
      }
      String[] words = text.substring(begun + 1, ended).split(" ", -1);
      int out = ended + 1 + Integer.parseInt(words[3]);
      int err = out + Integer.parseInt(words[4]);
      if (err > text.length()) {
        return run;
      }
      run.results.put(
          name,
          new Result(
              Integer.parseInt(words[2]),
              text.substring(ended + 1, out),
              text.substring(out, err)));
      at = err;
    }
    if (sandbox.exitCode() == 0) {
      run.interrupted = null;
    }
    return run;
  }

  /**
   * How a case ended, the first time; afterwards null, as for a case that was never begun.
   *
   * @throws AssertionError when the sandbox ended during this case, or the case took too long
   */
  synchronized @Nullable Result take(String name) {
    Result result = results.remove(name);
    if (name.equals(interrupted)) {
      interrupted = null;
      throw new AssertionError("the sandbox ended with it: " + sandbox);
    }
    if (result != null && result.exitCode() == TOO_LONG) {
      throw new AssertionError("it took too long: " + result);
    }
    return result;
  }
}
