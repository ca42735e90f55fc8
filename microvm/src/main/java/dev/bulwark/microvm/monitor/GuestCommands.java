package dev.bulwark.microvm.monitor;

import dev.bulwark.control.Answer;
import dev.bulwark.control.CommandServer;
import dev.bulwark.control.KeeperLink;
import dev.bulwark.control.Keepers;
import dev.bulwark.control.MalformedException;
import dev.bulwark.control.ProcessSpec;
import dev.bulwark.control.Request;
import dev.bulwark.linux.Frame;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.microvm.agent.AgentException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** What runtime commands can ask of a container in a machine. Thread-safe; methods may block. */
final class GuestCommands implements CommandServer.Commands {
  private static final int MOST_SIGNAL = 64;
  private static final int KEEPER_FILES = 4;

  /**
   * A container that is there.
   *
   * @param hostPid of the process of the host that executes its programs
   */
  record Assembled(GuestContainer container, int hostPid) {}

  private final CompletableFuture<Assembled> assembled = new CompletableFuture<>();
  private final CompletableFuture<Void> start = new CompletableFuture<>();
  private final CompletableFuture<Void> started = new CompletableFuture<>();
  private final Keepers keepers;

  /** Commands that wait until the container is there. */
  GuestCommands(Keepers keepers) {
    this.keepers = keepers;
  }

  /** The container waits for its start. */
  void assembled(Assembled container) {
    assembled.complete(container);
  }

  /** The container came to nothing, or to its end; later calls change nothing. */
  void failed(MonitorException why) {
    assembled.completeExceptionally(why);
    started.completeExceptionally(why);
  }

  /** Waits until the first process is to run. */
  void awaitStart() throws InterruptedException {
    try {
      start.get();
    } catch (ExecutionException never) {
      throw new IllegalStateException(never);
    }
  }

  /**
   * Ends the wait of {@link #awaitStart} for a container that will not be started.
   *
   * @return whether it waited still
   */
  boolean abandonStart() {
    return start.complete(null);
  }

  /** The first process runs. */
  void started() {
    started.complete(null);
  }

  @Override
  public Answer answer(Request request, Frame with) {
    try {
      Assembled there = assembled.get();
      GuestContainer container = there.container();
      return switch (request) {
        case Request.AwaitCreated _ -> new Answer.Done();
        case Request.CountCalls _ -> new Answer.Done(); // nobody here sees any
        case Request.Start _ -> start();
        case Request.Kill kill -> kill(container, kill);
        case Request.Execute execute -> execute(container, execute.pid(), with);
        case Request.Outlive process -> {
          outlive(process.pid());
          yield new Answer.Done();
        }
        case Request.ListProcesses _ -> new Answer.Processes(container.processes(there.hostPid()));
        case Request.Limit limit -> {
          container.limit(limit.resources());
          yield new Answer.Done();
        }
      };
    } catch (MonitorException failure) {
      return new Answer.Refused(failure.exitCode(), failure.getMessage());
    } catch (AgentException | MalformedException | HostException failure) {
      return new Answer.Refused(Crun.FAILED, String.valueOf(failure.getMessage()));
    } catch (ExecutionException failure) {
      return failure.getCause() instanceof MonitorException why
          ? new Answer.Refused(why.exitCode(), why.getMessage())
          : new Answer.Refused(Crun.FAILED, "the monitor failed: " + failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Answer.Refused(Crun.FAILED, "the monitor was interrupted");
    }
  }

  private Answer start() throws ExecutionException, InterruptedException {
    if (!start.complete(null)) {
      return new Answer.Refused(Crun.FAILED, "it has been started already");
    }
    started.get();
    return new Answer.Done();
  }

  private static Answer kill(GuestContainer container, Request.Kill kill)
      throws AgentException, MonitorException, InterruptedException {
    if (kill.number() < 1 || kill.number() > MOST_SIGNAL) {
      return new Answer.Refused(Crun.FAILED, "there is no such signal");
    }
    if (kill.all()) {
      container.signalAll(kill.number());
    } else {
      container.signal(kill.number());
    }
    return new Answer.Done();
  }

  private void outlive(int pid) throws MonitorException {
    if (!keepers.outlive(pid)) {
      throw new MonitorException(Crun.FAILED, "container not running");
    }
  }

  private Answer execute(GuestContainer container, int command, Frame with)
      throws AgentException,
          MonitorException,
          InterruptedException,
          MalformedException,
          HostException {
    if (with.descriptorCount() != KEEPER_FILES + 1) {
      return new Answer.Refused(
          Crun.FAILED, "descriptors are missing, perhaps because of their limit");
    }
    int spec = with.takeDescriptor();
    try {
      outlive(command);
      ProcessSpec process = ProcessSpec.decode(HostIo.readFile(spec, ProcessSpec.MAXIMUM_BYTES));
      GuestExecution execution = container.execute(process);
      int[] files = {with.takeDescriptor(), with.takeDescriptor(), with.takeDescriptor()};
      execution.serve(files, new KeeperLink(with.takeDescriptor()), keepers);
      return new Answer.Executed(execution.pid());
    } finally {
      HostIo.close(spec);
    }
  }
}
