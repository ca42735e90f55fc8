package dev.bulwark.runtime;

import dev.bulwark.linux.HostTerminal;
import org.jspecify.annotations.Nullable;

/**
 * The host's terminal while a sandbox uses it. It passes every key through, so that the sandbox's
 * own terminal discipline gives it meaning; {@link #close} puts everything back. A JVM that ends by
 * a signal or an error comes through {@link #close} by a shutdown hook.
 */
final class ForegroundTerminal implements AutoCloseable {
  private static final int STANDARD_INPUT = 0;

  private final byte @Nullable [] settings;
  private boolean closed;

  private ForegroundTerminal(byte @Nullable [] settings) {
    this.settings = settings;
  }

  /**
   * Takes the terminal over when the sandbox uses it for input and output.
   *
   * @param terminals the mask of {@link dev.bulwark.control.SandboxSpec#terminals}
   */
  static ForegroundTerminal take(int terminals) {
    byte[] settings = terminals == 0 ? null : HostTerminal.settings(STANDARD_INPUT);
    ForegroundTerminal terminal = new ForegroundTerminal(settings);
    if (settings != null) {
      Runtime.getRuntime().addShutdownHook(new Thread(terminal::close));
      HostTerminal.makeRaw(STANDARD_INPUT, settings);
    }
    return terminal;
  }

  @Override
  public synchronized void close() {
    if (settings != null && !closed) {
      closed = true;
      HostTerminal.restore(STANDARD_INPUT, settings);
    }
  }
}
