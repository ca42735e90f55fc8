package dev.bulwark.microvm.monitor;

import dev.bulwark.control.Inherited;
import dev.bulwark.control.MalformedException;
import dev.bulwark.control.Message;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.control.UserSpec;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostRandom;
import dev.bulwark.linux.HostTerminal;
import dev.bulwark.microvm.agent.AgentConnection;
import dev.bulwark.microvm.agent.AgentException;
import dev.bulwark.microvm.agent.AgentProcess;
import dev.bulwark.microvm.agent.Program;
import dev.bulwark.microvm.hypervisor.Machine;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Runs one container in one machine, from its boot to the last message to the keeper. */
final class Monitor {
  private static final String BUNDLE = GuestFiles.DIRECTORY + "/bundle";
  private static final String PID_FILE = GuestFiles.DIRECTORY + "/pid";
  private static final String LOG = GuestFiles.DIRECTORY + "/log";
  private static final String CONSOLE = GuestFiles.DIRECTORY + "/console";
  private static final String NAME = "container";
  private static final int BOOT_SECONDS = 120;
  private static final int SEED_BYTES = 64;
  private static final int LONGEST_LOG = 64 << 10;
  private static final int NOT_FOUND = 127;
  private static final int NOT_EXECUTABLE = 126;
  private static final int FAILED = 125;
  private static final long POLL_MILLISECONDS = 10;

  private final SandboxSpec spec;
  private final int trees;
  private final int[] stdio = {
    Inherited.MONITOR_STDIO, Inherited.MONITOR_STDIO + 1, Inherited.MONITOR_STDIO + 2
  };

  /**
   * A monitor.
   *
   * @param trees how many directories of the host the machine was given
   */
  Monitor(SandboxSpec spec, int trees) {
    this.spec = spec;
    this.trees = trees;
  }

  /**
   * Runs the container.
   *
   * @return its end, as the keeper is to be told
   */
  Message run(Machine machine) throws MonitorException, InterruptedException {
    AgentConnection agent = machine.agent();
    try {
      agent.awaitHello(BOOT_SECONDS);
      AgentProcess started = start(agent);
      Thread.ofPlatform().name("keeper").daemon().start(() -> obey(agent, started));
      resize(started);
      StreamRelay relay = StreamRelay.start(started, stdio);
      int status = started.await();
      relay.awaitOutput();
      return ended(agent, status);
    } catch (AgentException failure) {
      String last = machine.lastLines();
      throw new MonitorException(
          FAILED,
          failure.getMessage()
              + (last.isEmpty() ? "" : "; the last lines of its console: " + last));
    }
  }

  private AgentProcess start(AgentConnection agent) throws AgentException, MonitorException {
    Instant now = Instant.now();
    byte[] seed = new byte[SEED_BYTES];
    HostRandom.fill(seed, seed.length);
    agent.resumed(now.getEpochSecond() * 1_000_000_000L + now.getNano(), spec.hostname(), seed);
    GuestFiles files = GuestFiles.mount(agent, spec.root(), trees);
    UserSpec user = new GuestUsers(agent, files.root()).resolve(spec.process().user());
    agent.makeDirectory(BUNDLE, 0700);
    agent.writeFile(BUNDLE + "/config.json", 0600, new GuestConfig(spec, user, files).toBytes());
    boolean terminal = spec.process().terminals() != 0;
    List<String> command =
        new java.util.ArrayList<>(
            List.of("/bin/crun", "--log=file:" + LOG, "run", "--pid-file=" + PID_FILE));
    if (terminal) {
      command.add("--console-socket=" + CONSOLE);
    }
    command.addAll(List.of("--bundle=" + BUNDLE, NAME));
    return agent.spawn(
        new Program(
            command,
            List.of("PATH=/bin"),
            "/",
            terminal ? Program.Terminal.CONSOLE : Program.Terminal.NONE,
            terminal ? CONSOLE : "",
            0,
            0));
  }

  /** Does what the keeper asks; when it is gone, so is the container. */
  private void obey(AgentConnection agent, AgentProcess started) {
    byte[] datagram = new byte[Message.MAXIMUM_BYTES];
    try {
      for (int n = receive(datagram); n > 0; n = receive(datagram)) {
        switch (Message.decode(datagram, n)) {
          case Message.Signal signal -> signal(agent, signal.number());
          case Message.WindowChanged _ -> resize(started);
          default -> {
            // The others are this process's to send.
          }
        }
      }
    } catch (MalformedException | InterruptedException nobodyDoesThat) {
      // As when the keeper is gone.
    }
    Runtime.getRuntime().halt(FAILED);
  }

  private static int receive(byte[] datagram) {
    return HostIo.receive(Inherited.MONITOR_CONTROL, datagram);
  }

  /**
   * A signal for the container's first process, whose number crun writes down when there is one.
   */
  private static void signal(AgentConnection agent, int number) throws InterruptedException {
    for (int attempt = 0; attempt < BOOT_SECONDS * 1000 / POLL_MILLISECONDS; attempt++) {
      try {
        agent.signal(pid(agent), number);
        return;
      } catch (AgentException failure) {
        if (failure.errno() == 0 || failure.errno() == dev.bulwark.linux.Errno.ESRCH) {
          return; // the machine or the process is gone
        }
      } catch (NumberFormatException notWritten) {
        // Soon: crun makes the file before it writes the number.
      }
      Thread.sleep(POLL_MILLISECONDS);
    }
  }

  private static int pid(AgentConnection agent) throws AgentException {
    byte[] text = agent.readFile(PID_FILE, 32);
    return Integer.parseInt(new String(text, StandardCharsets.US_ASCII).strip());
  }

  /** The terminal inside gets the size of the host's; before it is there it cannot. */
  private void resize(AgentProcess started) {
    if (spec.process().terminals() == 0) {
      return;
    }
    int[] size = HostTerminal.size(stdio[0]);
    if (size.length == 0) {
      return;
    }
    Thread.ofPlatform().name("window").daemon().start(() -> resize(started, size));
  }

  private static void resize(AgentProcess started, int[] size) {
    try {
      while (true) {
        try {
          started.resize(size[0], size[1]);
          return;
        } catch (AgentException failure) {
          if (failure.errno() != dev.bulwark.linux.Errno.EAGAIN) {
            return;
          }
        }
        Thread.sleep(POLL_MILLISECONDS);
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  /** A status of crun is the container's, unless crun had something to say. */
  private static Message ended(AgentConnection agent, int status)
      throws AgentException, MonitorException {
    if (status != 0) {
      String log = log(agent);
      if (!log.isEmpty()) {
        throw new MonitorException(exitCode(log), "the guest's crun: " + log);
      }
    }
    return new Message.Ended(status, "");
  }

  private static String log(AgentConnection agent) throws AgentException {
    try {
      String all =
          new String(agent.readFile(LOG, LONGEST_LOG), StandardCharsets.ISO_8859_1).strip();
      return all.substring(all.lastIndexOf('\n') + 1).replaceAll("[^ -~]", "?");
    } catch (AgentException failure) {
      if (failure.errno() == dev.bulwark.linux.Errno.ENOENT) {
        return "";
      }
      throw failure;
    }
  }

  private static int exitCode(String log) {
    if (log.contains("not found in $PATH")
        || log.contains("executable file") && log.contains("No such file")) {
      return NOT_FOUND;
    }
    return log.contains("Permission denied") ? NOT_EXECUTABLE : FAILED;
  }
}
