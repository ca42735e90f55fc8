package dev.bulwark.sentry.boot;

import dev.bulwark.control.MalformedException;
import dev.bulwark.control.Message;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Listens to the runtime command on a thread of its own. When that ends, so does this process, and
 * with it every stub.
 */
final class ControlServer {
  /** How long putting things right may take, on a host that may not answer any more. */
  private static final long LAST_MILLISECONDS = 300;

  private final ControlLink link;
  private final IntConsumer signal;
  private final Runnable windowChanged;
  private final Runnable abandoned;

  /**
   * Makes a server that does not listen yet.
   *
   * @param signal takes signals for the sandbox's init
   * @param windowChanged told when the host's terminal has another size
   * @param abandoned what to put right on the host before this process ends, when the runtime
   *     command cannot any more
   */
  ControlServer(ControlLink link, IntConsumer signal, Runnable windowChanged, Runnable abandoned) {
    this.link = link;
    this.signal = signal;
    this.windowChanged = windowChanged;
    this.abandoned = abandoned;
  }

  void start() {
    Thread.ofPlatform().name("control").daemon().start(this::listen);
  }

  private void listen() {
    try {
      for (Message m = link.receive(); m != null; m = link.receive()) {
        handle(m);
      }
    } catch (MalformedException malformed) {
      System.err.println("bulwark sentry: " + malformed.getMessage());
    }
    end();
  }

  private void end() {
    Thread last = Thread.ofPlatform().daemon().start(abandoned);
    try {
      last.join(LAST_MILLISECONDS);
    } catch (InterruptedException nobodyDoes) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(0);
  }

  private void handle(@Nullable Message message) {
    switch (message) {
      case Message.Signal sent when sent.number() >= 1 && sent.number() <= 64 ->
          signal.accept(sent.number());
      case Message.WindowChanged _ -> windowChanged.run();
      case null, default -> System.err.println("bulwark sentry: ignoring " + message);
    }
  }
}
