package dev.bulwark.microvm.monitor;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostTerminal;
import dev.bulwark.linux.Sys;
import dev.bulwark.microvm.agent.AgentException;
import dev.bulwark.microvm.agent.AgentProcess;

/** Gives the terminal of a process in the guest the size of one of the host. Thread-safe. */
final class WindowSize {
  private static final long POLL_MILLISECONDS = 10;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int NONE = -1;

  private final AgentProcess process;
  private int terminal;

  /**
   * Joins two terminals.
   *
   * @param terminal of the host, which stays the caller's; when it is none, nothing is ever done
   */
  WindowSize(AgentProcess process, int terminal) {
    this.process = process;
    this.terminal =
        HostTerminal.is(terminal)
            ? (int) HostCall.call(Sys.FCNTL, terminal, F_DUPFD_CLOEXEC, 0)
            : NONE;
  }

  /** Looks at the host's terminal no more. */
  synchronized void close() {
    if (terminal >= 0) {
      HostIo.close(terminal);
    }
    terminal = NONE;
  }

  /** The host's terminal may have another size. */
  synchronized void changed() {
    int[] size = terminal < 0 ? new int[0] : HostTerminal.size(terminal);
    if (size.length > 0) {
      Thread.ofPlatform().name("window").daemon().start(() -> resize(size));
    }
  }

  /** Before the terminal inside is there, it cannot be given a size. */
  private void resize(int[] size) {
    try {
      while (true) {
        try {
          process.resize(size[0], size[1]);
          return;
        } catch (AgentException failure) {
          if (failure.errno() != Errno.EAGAIN) {
            return;
          }
        }
        Thread.sleep(POLL_MILLISECONDS);
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }
}
