package dev.bulwark.runtime.container;

import dev.bulwark.control.Message;
import dev.bulwark.control.ProcessSpec;
import dev.bulwark.control.Request;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostTerminal;
import dev.bulwark.linux.HostWait;
import dev.bulwark.runtime.LaunchFailure;
import dev.bulwark.runtime.SandboxStart;
import dev.bulwark.runtime.json.ConfigException;
import dev.bulwark.runtime.oci.Documents;
import dev.bulwark.runtime.oci.Process;
import dev.bulwark.runtime.oci.State;
import org.jspecify.annotations.Nullable;

/** Starts a further process in a container that runs: exec. */
final class ProcessExecution {
  private static final int LONGEST_DOCUMENT = (8 << 20) + 1;
  private static final int ALL_STREAMS = 7;

  private final Container container;
  private final Options options;

  /**
   * What exec is told.
   *
   * @param process the document that describes it; null for what the other options say
   * @param change turns the process of the container into the one to start
   */
  record Options(
      @Nullable String process,
      Change change,
      @Nullable String consoleSocket,
      @Nullable String pidFile,
      boolean detach) {}

  /** Makes the process to start from the container's first one. */
  interface Change {
    Process of(Process first);
  }

  ProcessExecution(Container container, Options options) {
    this.container = container;
    this.options = options;
  }

  /**
   * Starts the process. Unless it is detached, this process becomes its keeper and does not return.
   *
   * @return 0
   */
  int run() throws ContainerException, HostException, LaunchFailure {
    State.Status status = container.status();
    if (status == State.Status.PAUSED) {
      throw new ContainerException(
          "cannot exec in a paused container (use --ignore-paused to override)");
    }
    if (status != State.Status.RUNNING && status != State.Status.CREATED) {
      throw new ContainerException("cannot exec in a stopped container");
    }
    Process process = process();
    try (SandboxStart start = SandboxStart.begin();
        SentryClient sentry = SentryClient.connect(container.directory())) {
      start.plan().forward(Creation.FORWARDED);
      ProcessSpec spec = ProcessTranslation.of(process);
      byte @Nullable [] settings = null;
      int[] stdio;
      if (options.consoleSocket() != null) {
        int slave = Console.offer(options.consoleSocket(), process.consoleSize());
        start.plan().control("taking the console over", slave);
        stdio = new int[] {slave, slave, slave};
      } else {
        stdio = start.streams(process.terminal() ? ALL_STREAMS : 0);
        settings = process.terminal() ? HostTerminal.settings(0) : null;
      }
      sentry.execute(spec.encode(), stdio, start.sentrySide());
      if (!options.detach()) {
        if (settings != null) {
          start.plan().restore(0, settings);
          HostTerminal.makeRaw(0, settings);
        }
        throw start.become();
      }
      // The keeper belongs to whoever reaps this process's children.
      int keeper = start.launch(HostIo.open("/dev/null", 2, 0));
      announce(sentry, keeper);
      PidFile.write(options.pidFile(), keeper);
      return 0;
    }
  }

  /**
   * Lets the container's keeper know of another one that it has to outlive, as it has to outlive
   * this command. When the container has ended meanwhile, so has what was started.
   */
  private static void announce(SentryClient sentry, int keeper)
      throws ContainerException, HostException {
    try {
      sentry.ask(new Request.Outlive(keeper), SentryClient.SOON_MILLISECONDS);
    } catch (ContainerException ended) {
      HostProcess.of(keeper).signal(HostProcess.SIGKILL);
      HostWait.exitCode(keeper);
      throw ended;
    }
  }

  private Process process() throws ContainerException, HostException {
    String document = options.process();
    if (document == null) {
      return options.change().of(container.config().process());
    }
    try {
      return Documents.process(HostIo.contents(document, LONGEST_DOCUMENT));
    } catch (ConfigException wrong) {
      throw new ContainerException(wrong.getMessage());
    }
  }

  /**
   * Runs a program inside to its end, for a hook.
   *
   * @param input what it reads, a byte string
   * @return its wait status
   */
  static int runInside(Container container, ProcessSpec spec, byte[] input)
      throws ContainerException, HostException {
    int nothing = HostIo.open("/dev/null", 2, 0);
    int stdin = HostIo.memoryFile("bulwark-state", input);
    int[] keeper = HostIo.socketPair();
    try (SentryClient sentry = SentryClient.connect(container.directory())) {
      dev.bulwark.linux.HostFile.seek(stdin, 0, 0);
      sentry.execute(spec.encode(), new int[] {stdin, nothing, nothing}, keeper[1]);
      HostIo.close(keeper[1]);
      byte[] datagram = new byte[Message.MAXIMUM_BYTES];
      int n = HostIo.receive(keeper[0], datagram);
      if (n > 0 && Message.decode(datagram, n) instanceof Message.Ended ended) {
        return ended.status();
      }
      throw new ContainerException("the sandbox has ended");
    } catch (dev.bulwark.control.MalformedException malformed) {
      throw new ContainerException("the sandbox cannot be understood: " + malformed.getMessage());
    } finally {
      HostIo.close(nothing);
      HostIo.close(stdin);
      HostIo.close(keeper[0]);
    }
  }
}
