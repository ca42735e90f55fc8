package dev.bulwark.tests.engine;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Starts Docker before the first class that needs it, and stops it after the last class of all. */
final class SharedDocker implements BeforeAllCallback {
  private static @Nullable Running running;
  private static boolean failed;

  /** Called by JUnit. */
  SharedDocker() {}

  /** What is shared. JUnit closes it when all classes are done. */
  private record Running(Docker docker, Leftovers leftovers) implements AutoCloseable {

    static Running start() {
      Docker docker = Docker.start();
      // The first containers leave what stays: directories, the name of the host's network
      // namespace.
      docker.run("run", "--rm", Images.BUSYBOX, "true").expect(0);
      docker.run("run", "--rm", "--network", "host", Images.BUSYBOX, "true").expect(0);
      return new Running(docker, Leftovers.of(docker));
    }

    @Override
    public void close() {
      docker.close();
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (failed) {
      throw new IllegalStateException("Docker did not start, see the first failure");
    }
    if (running == null) {
      try {
        running = Running.start();
        context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).put(Running.class, running);
      } catch (Throwable e) {
        failed = true;
        throw e;
      }
    }
  }

  private static Running running() {
    if (running == null) {
      throw new IllegalStateException("only for classes with this extension");
    }
    return running;
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
