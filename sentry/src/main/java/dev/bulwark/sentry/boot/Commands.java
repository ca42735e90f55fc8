package dev.bulwark.sentry.boot;

import dev.bulwark.control.Answer;
import dev.bulwark.control.CommandServer;
import dev.bulwark.control.KeeperLink;
import dev.bulwark.control.Keepers;
import dev.bulwark.control.ProcessSpec;
import dev.bulwark.control.Request;
import dev.bulwark.control.ResourceLimits;
import dev.bulwark.linux.Frame;
import dev.bulwark.linux.HostIo;
import dev.bulwark.platform.Platform;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.HostPoller;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.kernel.WaitStatus;
import dev.bulwark.sentry.seccomp.SeccompFilters;
import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.signal.SignalSender;
import dev.bulwark.sentry.signal.TaskSignals;
import dev.bulwark.sentry.vfs.Location;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What runtime commands can ask of a sandbox. Thread-safe; methods may block. */
final class Commands implements CommandServer.Commands {
  private static final int MOST_SIGNAL = 64;
  private static final int KEEPER_FILES = 4;

  /** A sandbox that is put together. */
  record Assembled(
      Kernel kernel, Location root, HostPoller poller, @Nullable SeccompFilters seccomp) {}

  private final CompletableFuture<Assembled> assembled = new CompletableFuture<>();
  private final CompletableFuture<Void> start = new CompletableFuture<>();
  private final CompletableFuture<Void> started = new CompletableFuture<>();

  private final Keepers keepers;

  /**
   * Commands that wait until the sandbox is put together.
   *
   * @param keepers of the processes that they start
   */
  Commands(Keepers keepers) {
    this.keepers = keepers;
  }

  /** The sandbox waits for its start. */
  void assembled(Assembled sandbox) {
    assembled.complete(sandbox);
  }

  /** The sandbox came to nothing. */
  void failed(StartFailure why) {
    assembled.completeExceptionally(why);
    started.completeExceptionally(why);
  }

  private void outlive(int pid) throws StartFailure {
    if (!keepers.outlive(pid)) {
      throw new StartFailure(StartFailure.RUNTIME_FAILED, "container not running");
    }
  }

  /** Waits until the first process is to run. */
  void awaitStart() {
    start.join();
  }

  /** The first process runs. */
  void started() {
    started.complete(null);
  }

  @Override
  public Answer answer(Request request, Frame with) {
    try {
      Assembled sandbox = assembled.join();
      return switch (request) {
        case Request.AwaitCreated _ -> new Answer.Done();
        case Request.Start _ -> start();
        case Request.Kill kill -> kill(sandbox.kernel, kill);
        case Request.Execute execute -> execute(sandbox, execute.pid(), with);
        case Request.Outlive process -> {
          outlive(process.pid());
          yield new Answer.Done();
        }
        case Request.ListProcesses _ -> list(sandbox.kernel);
        case Request.CountCalls _ -> calls(sandbox.kernel);
        case Request.Limit limit -> limit(sandbox.kernel, limit.resources());
      };
    } catch (StartFailure failure) {
      return new Answer.Refused(failure.exitCode(), failure.getMessage());
    } catch (java.util.concurrent.CompletionException failed) {
      return failed.getCause() instanceof StartFailure why
          ? new Answer.Refused(why.exitCode(), why.getMessage())
          : new Answer.Refused(StartFailure.RUNTIME_FAILED, "the Sentry failed: " + failed);
    }
  }

  private Answer start() {
    if (!start.complete(null)) {
      return new Answer.Refused(StartFailure.RUNTIME_FAILED, "it has been started already");
    }
    started.join();
    return new Answer.Done();
  }

  private static Answer kill(Kernel kernel, Request.Kill kill) {
    if (kill.number() < 1 || kill.number() > MOST_SIGNAL) {
      return new Answer.Refused(StartFailure.RUNTIME_FAILED, "there is no such signal");
    }
    SignalInfo info = SignalInfo.user(kill.number(), SignalInfo.SI_USER, 0, 0);
    if (!kill.all()) {
      SignalSender.sendFromOutside(kernel.processes().init(), info);
      return new Answer.Done();
    }
    for (ThreadGroup process : kernel.processes().all()) {
      SignalSender.sendFromOutside(process, info);
    }
    return new Answer.Done();
  }

  private Answer execute(Assembled sandbox, int command, Frame with) {
    if (with.descriptorCount() != KEEPER_FILES + 1) {
      return new Answer.Refused(
          StartFailure.RUNTIME_FAILED, "descriptors are missing, perhaps because of their limit");
    }
    int spec = with.takeDescriptor();
    try {
      outlive(command);
      ProcessSpec process = ProcessSpec.decode(HostIo.readFile(spec, ProcessSpec.MAXIMUM_BYTES));
      int[] files = {with.takeDescriptor(), with.takeDescriptor(), with.takeDescriptor()};
      KeeperLink keeper = new KeeperLink(with.takeDescriptor());
      return new Answer.Executed(
          run(sandbox, process, new StandardFiles(files, process, sandbox.poller), keeper));
    } catch (StartFailure failure) {
      return new Answer.Refused(failure.exitCode(), failure.getMessage());
    } catch (ErrnoException | IOException failure) {
      return new Answer.Refused(
          StartFailure.RUNTIME_FAILED, "the process could not be made: " + failure.getMessage());
    } finally {
      HostIo.close(spec);
    }
  }

  private int run(Assembled sandbox, ProcessSpec spec, StandardFiles files, KeeperLink keeper)
      throws StartFailure, ErrnoException, IOException {
    Kernel kernel = sandbox.kernel;
    ThreadGroup process = kernel.processes().enter();
    if (process == null) {
      files.discard();
      keeper.close();
      throw new StartFailure(StartFailure.RUNTIME_FAILED, "the sandbox has no free process number");
    }
    process.whenEnded(
        status -> {
          files.flush();
          keeper.send(EndReport.of(status, kernel.calls(), List.of()));
        });
    boolean running = false;
    try {
      Task task =
          new ProcessStart(kernel, spec, files, sandbox.seccomp).prepare(process, sandbox.root);
      if (!kernel.startProcess(task)) {
        task.discard();
        throw new StartFailure(
            StartFailure.RUNTIME_FAILED, "the sandbox has as many tasks as it may have");
      }
      running = true;
    } finally {
      if (!running) {
        kernel.processes().withdraw(process);
        keeper.close();
      }
    }
    keepers.begun();
    keeper.listen("keeper-" + process.pid(), new Kept(process, files, keeper));
    return process.pid();
  }

  /** A process that was started from outside, for its keeper. */
  private final class Kept implements KeeperLink.Listener {
    private final ThreadGroup process;
    private final StandardFiles files;
    private final KeeperLink keeper;

    Kept(ThreadGroup process, StandardFiles files, KeeperLink keeper) {
      this.process = process;
      this.files = files;
      this.keeper = keeper;
    }

    @Override
    public void signal(int number) {
      SignalSender.sendFromOutside(process, SignalInfo.user(number, SignalInfo.SI_USER, 0, 0));
    }

    @Override
    public void windowChanged() {
      files.windowChanged();
    }

    @Override
    public void abandoned() {
      // Whoever killed the keeper meant the process.
      process.signals().exitGroup(new WaitStatus.Signalled(9, false));
      keeper.close();
      keepers.ended();
    }
  }

  private static Answer list(Kernel kernel) {
    List<Answer.ProcessInfo> all = new ArrayList<>();
    for (ThreadGroup process : kernel.processes().all()) {
      List<TaskSignals> tasks = process.signals().tasks();
      Task first = tasks.isEmpty() ? null : tasks.getFirst().task();
      all.add(
          new Answer.ProcessInfo(
              process.pid(),
              kernel.processes().parentPid(process),
              first == null ? 0 : first.context().addressSpace().hostPid(),
              first == null ? 0 : first.credentials().uid(),
              tasks.size(),
              process.cpu().userNanos() + process.systemNanos(),
              first == null ? "" : first.attributes().name()));
    }
    return new Answer.Processes(all);
  }

  private static Answer calls(Kernel kernel) {
    Platform.Counts counts = kernel.platform().calls();
    return new Answer.Calls(counts.trapped(), counts.patched());
  }

  private static Answer limit(Kernel kernel, ResourceLimits limits) {
    try {
      kernel.resources().set(limits);
      return new Answer.Done();
    } catch (IllegalArgumentException wrong) {
      return new Answer.Refused(StartFailure.RUNTIME_FAILED, String.valueOf(wrong.getMessage()));
    }
  }
}
