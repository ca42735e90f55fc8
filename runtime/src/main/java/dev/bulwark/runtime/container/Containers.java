package dev.bulwark.runtime.container;

import dev.bulwark.control.Answer;
import dev.bulwark.control.ProcessSpec;
import dev.bulwark.control.Request;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostWait;
import dev.bulwark.runtime.LaunchFailure;
import dev.bulwark.runtime.SentryWall;
import dev.bulwark.runtime.cgroup.CgroupException;
import dev.bulwark.runtime.oci.Config;
import dev.bulwark.runtime.oci.Hooks;
import dev.bulwark.runtime.oci.Process;
import dev.bulwark.runtime.oci.Resources;
import dev.bulwark.runtime.oci.State;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The commands on containers. Every one is safe to repeat, and safe against others at the same
 * time; each throws {@link ContainerException} with a sentence when it cannot do what it is asked.
 */
public final class Containers {
  private final Settings settings;

  /** The containers of a state root. */
  public Containers(Settings settings) {
    this.settings = settings;
  }

  /**
   * Makes a container whose program waits for {@link #start}.
   *
   * @param bundle its directory
   * @param consoleSocket takes the terminal; null for none
   * @param pidFile takes the number of the process that ends with the container's; null for none
   */
  public void create(
      String id, String bundle, @Nullable String consoleSocket, @Nullable String pidFile)
      throws ContainerException, HostException, LaunchFailure {
    new Creation(settings, new Creation.CreateOptions(id, bundle, consoleSocket, pidFile, true))
        .create();
  }

  /**
   * Makes a container, starts it and, unless it is detached, stays until it has ended and removes
   * it.
   *
   * @return its exit code; 0 when it is detached
   */
  public int run(
      String id,
      String bundle,
      @Nullable String consoleSocket,
      @Nullable String pidFile,
      boolean detach,
      boolean keep)
      throws ContainerException, HostException, LaunchFailure {
    new Creation(settings, new Creation.CreateOptions(id, bundle, consoleSocket, pidFile, detach))
        .create();
    try {
      start(id);
    } catch (ContainerException | HostException failure) {
      delete(id, true);
      throw failure;
    }
    if (detach) {
      return 0;
    }
    int pid;
    try (Container container = Container.open(settings.root(), id)) {
      pid = container.record().keeper().pid();
    }
    ForwardedSignals.to(pid);
    int exit = HostWait.exitCode(pid);
    if (!keep) {
      delete(id, true);
    }
    return exit;
  }

  /** Lets a container's program run. */
  public void start(String id) throws ContainerException, HostException {
    try (Container container = Container.lock(settings.root(), id)) {
      State.Status status = container.status();
      if (status == State.Status.STOPPED) {
        throw new ContainerException("cannot start a container that has stopped");
      }
      if (status == State.Status.RUNNING || status == State.Status.PAUSED) {
        throw new ContainerException("cannot start an already running container");
      }
      Config config = container.config();
      startHooks(container, config);
      try (SentryClient sentry = SentryClient.connect(container.directory())) {
        sentry.ask(new Request.Start(), SentryClient.SOON_MILLISECONDS);
      }
      container.keep(container.record().in(ContainerRecord.Phase.STARTED));
      new HookRunner(container.state(State.Status.RUNNING))
          .run("poststart", config.hooks().poststart(), List.of());
    }
  }

  /** startContainer hooks are programs of the container: they run inside. */
  private static void startHooks(Container container, Config config)
      throws ContainerException, HostException {
    List<Hooks.Hook> hooks = config.hooks().startContainer();
    for (int i = 0; i < hooks.size(); i++) {
      Hooks.Hook hook = hooks.get(i);
      ProcessSpec first = ProcessTranslation.of(config.process());
      ProcessSpec spec =
          new ProcessSpec(
              hook.args().isEmpty() ? List.of(hook.path()) : hook.args(),
              hook.env(),
              "/",
              first.user(),
              first.capabilities(),
              first.limits(),
              first.noNewPrivileges(),
              0,
              0,
              first.owners());
      int status =
          ProcessExecution.runInside(
              container, spec, container.state(State.Status.CREATED).forHooks());
      if (status != 0) {
        throw new ContainerException(
            "error running startContainer hook #" + i + ": " + ended(status));
      }
    }
  }

  private static String ended(int status) {
    int signal = status & 0x7f;
    return signal == 0 ? "exit status " + (status >>> 8 & 0xff) : "killed by signal " + signal;
  }

  /**
   * Sends a signal to the container's first process, or to all.
   *
   * @param signal 1 to 64
   */
  public void kill(String id, int signal, boolean all) throws ContainerException, HostException {
    try (Container container = Container.open(settings.root(), id)) {
      if (!container.alive()) {
        throw new ContainerException("container not running");
      }
      if (container.status() == State.Status.PAUSED) {
        CgroupSetup.thaw(container);
      }
      try (SentryClient sentry = SentryClient.connect(container.directory())) {
        sentry.ask(new Request.Kill(signal, all), SentryClient.SOON_MILLISECONDS);
      } catch (ContainerException silent) {
        if (signal != HostProcess.SIGKILL) {
          throw container.alive() ? silent : new ContainerException("container not running");
        }
        container.record().keeper().signal(HostProcess.SIGKILL);
      }
    }
  }

  /**
   * Removes a container.
   *
   * @param force whether to kill what runs, and not to mind when there is no such container
   */
  public void delete(String id, boolean force) throws ContainerException, HostException {
    Container container;
    try {
      container = Container.lock(settings.root(), id);
    } catch (ContainerException absent) {
      removeRemains(id, force, absent);
      return;
    }
    try (container) {
      State.Status status = container.status();
      if (!force && status != State.Status.STOPPED && status != State.Status.CREATED) {
        throw new ContainerException(
            "cannot delete container " + id + " that is not stopped: " + status.word());
      }
      new Deletion(container).delete();
    }
  }

  /** A directory without a state file is what a create left that was killed at its very start. */
  private void removeRemains(String id, boolean force, ContainerException absent)
      throws ContainerException, HostException {
    if (!force) {
      throw absent;
    }
    StateDirectory directory;
    try {
      directory = StateDirectory.open(settings.root(), id);
    } catch (ContainerException gone) {
      return;
    }
    try (directory) {
      directory.lock();
      directory.remove();
    }
  }

  /** What a container is doing, as JSON. */
  public byte[] state(String id) throws ContainerException, HostException {
    try (Container container = Container.open(settings.root(), id)) {
      ContainerRecord record = container.record();
      return container.state(container.status()).forPeople(record.rootfs(), record.created(), "");
    }
  }

  /** A line of {@code list}. */
  public record Listed(
      String id, int pid, String status, String bundle, String created, String rootfs) {}

  /** All containers. */
  public List<Listed> list() throws HostException {
    List<Listed> all = new ArrayList<>();
    for (String id : StateDirectory.all(settings.root())) {
      Listed listed = listed(id);
      if (listed != null) {
        all.add(listed);
      }
    }
    return all;
  }

  /** One of them; null when it was deleted since the directory was listed. */
  private @Nullable Listed listed(String id) throws HostException {
    try (Container container = Container.open(settings.root(), id)) {
      State state = container.state(container.status());
      return new Listed(
          id,
          state.pid(),
          state.status().word(),
          state.bundle(),
          container.record().created(),
          container.record().rootfs());
    } catch (ContainerException gone) {
      return null;
    }
  }

  /**
   * How the processes of a container are confined, measured on the host.
   *
   * @throws ContainerException when it does not run
   */
  public List<Posture.Finding> posture(String id) throws ContainerException, HostException {
    try (Container container = Container.open(settings.root(), id)) {
      if (!container.alive()) {
        throw new ContainerException(
            "container " + id + " does not run, so there is nothing to measure: start it");
      }
      if (!container.record().wall().equals(SentryWall.NAME)) {
        throw new ContainerException(
            "container "
                + id
                + " is behind the wall '"
                + container.record().wall()
                + "': only what surrounds a Sentry can be measured yet");
      }
      return Posture.of(container.record().keeper().pid());
    }
  }

  /** The processes of a container. */
  public List<Answer.ProcessInfo> processes(String id) throws ContainerException, HostException {
    try (Container container = Container.open(settings.root(), id)) {
      if (!container.alive()) {
        return List.of();
      }
      try (SentryClient sentry = SentryClient.connect(container.directory())) {
        Answer answer = sentry.ask(new Request.ListProcesses(), SentryClient.SOON_MILLISECONDS);
        List<Answer.ProcessInfo> all =
            answer instanceof Answer.Processes processes ? processes.all() : List.of();
        return container.wall().numbersProcesses()
            ? new SandboxProcesses(container.record().keeper().pid()).onHost(all)
            : all;
      }
    }
  }

  /**
   * Starts a further process. Unless it is detached, this process becomes its keeper.
   *
   * @param document describes the process; null to derive it from the first one by {@code change}
   * @return 0 for a detached process
   */
  public int execute(
      String id,
      @Nullable String document,
      UnaryOperator<Process> change,
      @Nullable String consoleSocket,
      @Nullable String pidFile,
      boolean detach)
      throws ContainerException, HostException, LaunchFailure {
    try (Container container = Container.open(settings.root(), id)) {
      return new ProcessExecution(
              container,
              new ProcessExecution.Options(document, change::apply, consoleSocket, pidFile, detach))
          .run();
    }
  }

  /**
   * Changes limits of a container that exists.
   *
   * @param change what is to change; what it leaves out stays
   */
  public void update(String id, Resources change) throws ContainerException, HostException {
    try (Container container = Container.lock(settings.root(), id)) {
      if (!container.alive()) {
        throw new ContainerException("container not running");
      }
      Resources now = ResourceTranslation.changed(container.config().linux().resources(), change);
      CgroupSetup.of(container)
          .update(ResourceTranslation.forHost(change), container.wall().overheadBytes())
          .forEach(warning -> System.err.println("bulwark: " + warning));
      if (container.status() != State.Status.PAUSED) {
        try (SentryClient sentry = SentryClient.connect(container.directory())) {
          sentry.ask(
              new Request.Limit(ResourceTranslation.of(now)), SentryClient.SOON_MILLISECONDS);
        }
      }
    } catch (CgroupException failure) {
      throw new ContainerException(failure.getMessage());
    }
  }

  /** What a container has used so far, as a line of JSON in runc's form. */
  public String statistics(String id) throws ContainerException, HostException {
    try (Container container = Container.open(settings.root(), id)) {
      if (!container.alive()) {
        throw new ContainerException("container with id " + id + " is not running");
      }
      return CgroupSetup.of(container).statistics().event(id, calls(container));
    } catch (CgroupException failure) {
      throw new ContainerException(failure.getMessage());
    }
  }

  /** How its system calls came to the Sentry; null while that cannot answer. */
  private static Answer.@Nullable Calls calls(Container container)
      throws ContainerException, HostException {
    if (container.status() == State.Status.PAUSED) {
      return null;
    }
    try (SentryClient sentry = SentryClient.connect(container.directory())) {
      Answer answer = sentry.ask(new Request.CountCalls(), SentryClient.SOON_MILLISECONDS);
      return answer instanceof Answer.Calls calls ? calls : null;
    }
  }

  /** Whether programs of a container run, or wait for their start. */
  public boolean alive(String id) throws ContainerException, HostException {
    try (Container container = Container.open(settings.root(), id)) {
      return container.alive();
    }
  }

  /** Freezes all processes of a container. */
  public void pause(String id) throws ContainerException, HostException {
    try (Container container = Container.lock(settings.root(), id)) {
      State.Status status = container.status();
      if (status != State.Status.RUNNING && status != State.Status.CREATED) {
        throw new ContainerException("container not running or created: " + status.word());
      }
      CgroupSetup.freeze(container);
    }
  }

  /** Lets frozen processes go on. */
  public void resume(String id) throws ContainerException, HostException {
    try (Container container = Container.lock(settings.root(), id)) {
      if (container.status() != State.Status.PAUSED) {
        throw new ContainerException("container not paused");
      }
      CgroupSetup.thaw(container);
    }
  }
}
