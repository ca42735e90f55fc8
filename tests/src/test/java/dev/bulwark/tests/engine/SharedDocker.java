package dev.bulwark.tests.engine;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Starts Docker before the first class that needs it, and stops it after the last class of all.
 * When failed tests are run again, that is a run of its own, with a Docker of its own.
 */
final class SharedDocker implements BeforeAllCallback {
  /** Of the run that goes on; runs follow each other. */
  private static @Nullable Attempt current;

  /** Called by JUnit. */
  SharedDocker() {}

  /** Docker, and what there was when it had started. */
  private record Running(Docker docker, Leftovers leftovers) {

    static Running start() {
      Docker docker = Docker.start();
      try {
        // The first containers leave what stays: directories, the name of the host's network
        // namespace.
        docker.run("run", "--rm", Images.BUSYBOX, "true").expect(0);
        docker.run("run", "--rm", "--network", "host", Images.BUSYBOX, "true").expect(0);
        return new Running(docker, Leftovers.of(docker));
      } catch (Throwable e) {
        docker.close();
        throw e;
      }
    }
  }

  /** What came of starting it in one run of tests. JUnit closes it when all classes are done. */
  private record Attempt(@Nullable Running running, @Nullable Throwable failure)
      implements AutoCloseable {

    /** Starts it; a failure is remembered, so that not every class waits for another. */
    static Attempt make() {
      try {
        return new Attempt(Running.start(), null);
      } catch (Throwable e) {
        return new Attempt(null, e);
      }
    }

    Running get() {
      if (running == null) {
        throw new IllegalStateException("Docker did not start", failure);
      }
      return running;
    }

    @Override
    public void close() {
      if (running != null) {
        running.docker.close();
      }
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    Attempt attempt =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.GLOBAL)
            .computeIfAbsent(Attempt.class, key -> Attempt.make(), Attempt.class);
    current = attempt;
    attempt.get();
  }

  private static Running running() {
    Attempt attempt = current;
    if (attempt == null) {
      throw new IllegalStateException("only for classes with this extension");
    }
    return attempt.get();
  }

  /** The shared Docker. */
  static Docker get() {
    return running().docker();
  }

  /** Removes what a class has made, and looks for what that left. */
  static void clean() {
    running().docker().removeAll();
    running().leftovers().assertNone();
  }
}
