package dev.bulwark.microvm.monitor;

import dev.bulwark.linux.HostStream;
import dev.bulwark.microvm.agent.AgentException;
import dev.bulwark.microvm.agent.AgentProcess;

/** Carries a process's standard files between the guest and descriptors of the host. */
final class StreamRelay {
  private static final int CHUNK = 32768;

  private final AgentProcess process;
  private final int[] stdio;
  private final Thread output;
  private final Thread errors;

  private StreamRelay(AgentProcess process, int[] stdio) {
    this.process = process;
    this.stdio = stdio;
    output = Thread.ofPlatform().name("stdout").daemon().start(() -> fromGuest(1));
    errors = Thread.ofPlatform().name("stderr").daemon().start(() -> fromGuest(2));
  }

  /**
   * Starts to carry.
   *
   * @param stdio descriptors for 0, 1 and 2
   */
  static StreamRelay start(AgentProcess process, int[] stdio) {
    StreamRelay relay = new StreamRelay(process, stdio);
    Thread.ofPlatform().name("stdin").daemon().start(relay::toGuest);
    return relay;
  }

  /** Waits until all that the process wrote has been carried. */
  void awaitOutput() throws InterruptedException {
    output.join();
    errors.join();
  }

  private void toGuest() {
    HostStream from = new HostStream(stdio[0]);
    byte[] chunk = new byte[CHUNK];
    try {
      for (int n = from.read(chunk); n > 0; n = from.read(chunk)) {
        process.write(chunk, n);
      }
      process.endInput();
    } catch (AgentException | InterruptedException over) {
      // The process or its machine has ended; whoever waits for that is told.
    }
  }

  private void fromGuest(int stream) {
    HostStream to = new HostStream(stdio[stream]);
    boolean taken = true;
    try {
      for (byte[] next = process.read(stream); next != null; next = process.read(stream)) {
        if (taken && to.write(next, 0, next.length) != 0) {
          taken = false;
          process.closeOutput(stream);
        }
      }
    } catch (AgentException | InterruptedException over) {
      // As above.
    }
  }
}
