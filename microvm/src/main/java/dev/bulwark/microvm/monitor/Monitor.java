package dev.bulwark.microvm.monitor;

import dev.bulwark.control.Inherited;
import dev.bulwark.control.KeeperLink;
import dev.bulwark.control.Keepers;
import dev.bulwark.control.Message;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostRandom;
import dev.bulwark.microvm.agent.AgentConnection;
import dev.bulwark.microvm.agent.AgentException;
import dev.bulwark.microvm.hypervisor.Machine;
import java.time.Instant;

/** Runs one container in one machine, from its boot to the last message to the keeper. */
final class Monitor {
  private static final int BOOT_SECONDS = 120;
  private static final int SEED_BYTES = 64;
  private static final int PULSE_MILLISECONDS = 1000;

  private final SandboxSpec spec;
  private final String access;
  private final long mostMemory;
  private final KeeperLink keeper;
  private final Keepers keepers;
  private final GuestCommands commands;
  private final int[] stdio = {
    Inherited.MONITOR_STDIO, Inherited.MONITOR_STDIO + 1, Inherited.MONITOR_STDIO + 2
  };

  /** How many processes of the container are known to have been killed for lack of memory. */
  private long killed;

  /**
   * A monitor.
   *
   * @param access a letter for each tree that the machine was given, w when it can be changed
   * @param mostMemory that a container may have in the machine, in bytes
   */
  Monitor(
      SandboxSpec spec,
      String access,
      long mostMemory,
      KeeperLink keeper,
      Keepers keepers,
      GuestCommands commands) {
    this.spec = spec;
    this.access = access;
    this.mostMemory = mostMemory;
    this.keeper = keeper;
    this.keepers = keepers;
    this.commands = commands;
  }

  /**
   * Runs the container.
   *
   * @return its end, as the keeper is to be told
   */
  Message run(Machine machine) throws MonitorException, HostException, InterruptedException {
    AgentConnection agent = machine.agent();
    try {
      agent.awaitHello(BOOT_SECONDS);
      makeUnique(agent);
      GuestContainer container = GuestContainer.create(agent, spec, access, mostMemory);
      WindowSize window = new WindowSize(container.streams(), stdio[0]);
      keeper.listen("keeper", new First(container, window));
      window.changed();
      StreamRelay relay = StreamRelay.start(container.streams(), stdio);
      Thread.ofPlatform().name("pulse").daemon().start(() -> watch(container));
      commands.assembled(new GuestCommands.Assembled(container, machine.hostPid()));
      return runToEnd(container, relay);
    } catch (AgentException failure) {
      String last = machine.lastLines();
      throw new MonitorException(
          Crun.FAILED,
          failure.getMessage()
              + (last.isEmpty() ? "" : "; the last lines of its console: " + last));
    }
  }

  private void makeUnique(AgentConnection agent) throws AgentException {
    Instant now = Instant.now();
    byte[] seed = new byte[SEED_BYTES];
    HostRandom.fill(seed, seed.length);
    agent.resumed(now.getEpochSecond() * 1_000_000_000L + now.getNano(), spec.hostname(), seed);
  }

  private Message runToEnd(GuestContainer container, StreamRelay relay)
      throws AgentException, MonitorException, InterruptedException {
    if (spec.waits()) {
      Thread.ofPlatform().name("end").daemon().start(() -> awaitEarlyEnd(container));
      commands.awaitStart();
    }
    if (!container.first().awaitEnd(0)) {
      container.start();
      keeper.send(new Message.Started());
    }
    commands.started();
    int status = container.first().await();
    relay.finish();
    tellOfMemory(container);
    // What was started besides has ended with the first process; their keepers hear of it first.
    keepers.close();
    keepers.awaitEnd();
    return new Message.Ended(status, "");
  }

  /** A container can be killed before it is started, and so can its machine. */
  private void awaitEarlyEnd(GuestContainer container) {
    try {
      container.first().await();
    } catch (AgentException gone) {
      // Whoever waited for the start finds that out.
    } catch (InterruptedException nobodyDoesThat) {
      Thread.currentThread().interrupt();
    }
    commands.abandonStart();
  }

  /** Sees that the guest answers, as long as there is one, and whether it lacks memory. */
  private void watch(GuestContainer container) {
    try {
      while (true) {
        tellOfMemory(container);
        if (container.first().awaitEnd(PULSE_MILLISECONDS)) {
          return;
        }
      }
    } catch (AgentException gone) {
      // An agent that is silent too long loses its connection, which ends everything else.
    } catch (InterruptedException nobodyDoesThat) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void tellOfMemory(GuestContainer container) throws AgentException {
    long now = container.killedForMemory();
    if (now > killed) {
      killed = now;
      keeper.send(new Message.OutOfMemory());
    }
  }

  /** What the keeper of the container means. */
  private static final class First implements KeeperLink.Listener {
    private final GuestContainer container;
    private final WindowSize window;

    First(GuestContainer container, WindowSize window) {
      this.container = container;
      this.window = window;
    }

    @Override
    public void signal(int number) {
      try {
        container.signal(number);
      } catch (AgentException over) {
        // It has ended, or its machine has.
      }
    }

    @Override
    public void windowChanged() {
      window.changed();
    }

    /** With the keeper everything ends: the machine with the thread that started it. */
    @Override
    public void abandoned() {
      Runtime.getRuntime().halt(Crun.FAILED);
    }
  }
}
