package dev.bulwark.microvm.monitor;

import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostPoll;
import dev.bulwark.linux.HostStream;
import dev.bulwark.microvm.agent.AgentException;
import dev.bulwark.microvm.agent.AgentProcess;

/**
 * Carries a process's standard files between the guest and descriptors of the host, and closes
 * these when nothing more goes through them.
 */
final class StreamRelay {
  private static final int CHUNK = 32768;

  private final AgentProcess process;
  private final int[] stdio;
  private final int over;
  private final Thread output;
  private final Thread errors;

  private StreamRelay(AgentProcess process, int[] stdio, int[] pipe) {
    this.process = process;
    this.stdio = stdio;
    over = pipe[1];
    output = Thread.ofPlatform().name("stdout").daemon().start(() -> fromGuest(1));
    errors = Thread.ofPlatform().name("stderr").daemon().start(() -> fromGuest(2));
    Thread.ofPlatform().name("stdin").daemon().start(() -> toGuest(pipe[0]));
  }

  /**
   * Starts to carry.
   *
   * @param stdio descriptors for 0, 1 and 2
   */
  static StreamRelay start(AgentProcess process, int[] stdio) throws HostException {
    return new StreamRelay(process, stdio.clone(), HostIo.pipe());
  }

  /** Waits until all that the process wrote has been carried, and reads no more input. */
  void finish() throws InterruptedException {
    output.join();
    errors.join();
    HostIo.close(over);
  }

  /** What is left unread of an input is not this process's to take. */
  private void toGuest(int ended) {
    HostStream from = new HostStream(stdio[0]);
    byte[] chunk = new byte[CHUNK];
    HostPoll poll = new HostPoll(stdio[0], ended);
    try {
      while (true) {
        poll.await(-1);
        if (poll.ready(1)) {
          return;
        }
        if (poll.ready(0)) {
          int n = from.read(chunk);
          if (n <= 0) {
            process.endInput();
            return;
          }
          process.write(chunk, n);
        }
      }
    } catch (AgentException | InterruptedException gone) {
      // The process or its machine has ended; whoever waits for that is told.
    } finally {
      HostIo.close(ended);
      HostIo.close(stdio[0]);
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
    } catch (AgentException | InterruptedException gone) {
      // As above.
    } finally {
      HostIo.close(stdio[stream]);
    }
  }
}
