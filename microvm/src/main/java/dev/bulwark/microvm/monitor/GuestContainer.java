package dev.bulwark.microvm.monitor;

import dev.bulwark.control.Answer;
import dev.bulwark.control.ProcessSpec;
import dev.bulwark.control.ResourceLimits;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.control.UserSpec;
import dev.bulwark.microvm.agent.AgentConnection;
import dev.bulwark.microvm.agent.AgentException;
import dev.bulwark.microvm.agent.AgentProcess;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A container in a machine, from its making on. Thread-safe; methods wait for the guest. */
final class GuestContainer {
  private static final String BUNDLE = GuestFiles.DIRECTORY + "/bundle";
  private static final String PID_FILE = GuestFiles.DIRECTORY + "/pid";
  private static final String LOG = GuestFiles.DIRECTORY + "/log";
  private static final String CONSOLE = GuestFiles.DIRECTORY + "/console";
  private static final String NAME = "container";
  private static final String CGROUP = "/sys/fs/cgroup/container";
  private static final int LONGEST_FILE = 64 << 10;

  private final AgentConnection agent;
  private final Crun crun;
  private final GuestFiles files;
  private final AgentProcess streams;
  private final AgentProcess first;
  private final long mostMemory;
  private final AtomicInteger executions = new AtomicInteger();

  private GuestContainer(
      AgentConnection agent,
      GuestFiles files,
      AgentProcess streams,
      AgentProcess first,
      long mostMemory) {
    this.agent = agent;
    this.files = files;
    this.streams = streams;
    this.first = first;
    this.mostMemory = mostMemory;
    crun = new Crun(agent);
  }

  /**
   * Makes the container of a specification, whose program waits for {@link #start}.
   *
   * @param access a letter for each tree of the host, w when it can be changed from here
   * @param mostMemory that a container may have in this machine, in bytes
   * @throws MonitorException when it cannot be made
   */
  static GuestContainer create(
      AgentConnection agent, SandboxSpec spec, String access, long mostMemory)
      throws AgentException, MonitorException, InterruptedException {
    GuestFiles files = GuestFiles.mount(agent, access);
    UserSpec user = new GuestUsers(agent, files.root()).resolve(spec.process().user());
    agent.makeDirectory(BUNDLE, 0700);
    agent.writeFile(BUNDLE + "/config.json", 0600, new GuestConfig(spec, user, files).toBytes());
    Crun crun = new Crun(agent);
    AgentProcess streams =
        crun.start(
            LOG,
            spec.process().terminals() == 0 ? "" : CONSOLE,
            List.of("create", "--pid-file=" + PID_FILE, "--bundle=" + BUNDLE, NAME));
    if (streams.await() != 0) {
      throw crun.failure(LOG, spec.process().arguments().getFirst());
    }
    return new GuestContainer(agent, files, streams, agent.adopt(pid(agent, PID_FILE)), mostMemory);
  }

  /** Carries the standard files of its first program. */
  AgentProcess streams() {
    return streams;
  }

  /** Its first process, whose end is the container's. */
  AgentProcess first() {
    return first;
  }

  /** Lets its program run. */
  void start() throws AgentException, MonitorException, InterruptedException {
    crun.run("start", NAME);
  }

  /** Sends a signal to its first process. */
  void signal(int number) throws AgentException {
    agent.signal(first.pid(), number);
  }

  /** Sends a signal to all its processes. */
  void signalAll(int number) throws AgentException, MonitorException, InterruptedException {
    crun.run("kill", "--all", NAME, Integer.toString(number));
  }

  /**
   * Changes what it may use.
   *
   * @throws MonitorException when the machine has not that much
   */
  void limit(ResourceLimits limits) throws AgentException, MonitorException, InterruptedException {
    if (limits.memory() > mostMemory) {
      throw new MonitorException(
          Crun.FAILED,
          "linux.resources.memory.limit: the virtual machine was started with memory for "
              + (mostMemory >> 20)
              + " MB and gets no more while it runs: give the container that limit at its creation");
    }
    String file = GuestFiles.DIRECTORY + "/resources-" + executions.incrementAndGet();
    agent.writeFile(
        file, 0600, GuestConfig.resources(limits).toString().getBytes(StandardCharsets.US_ASCII));
    crun.run("update", "--resources=" + file, NAME);
  }

  /** Its processes; a guest that says nothing sensible has none. */
  List<Answer.ProcessInfo> processes(int hostPid) throws AgentException {
    return new GuestProcesses(agent, CGROUP + "/cgroup.procs", hostPid).all();
  }

  /** How many of its processes were killed because it used more memory than it may. */
  long killedForMemory() throws AgentException {
    String events = text(agent, CGROUP + "/memory.events", LONGEST_FILE);
    for (String line : events.split("\n", -1)) {
      if (line.matches("oom_kill [0-9]{1,18}")) {
        return Long.parseLong(line.substring("oom_kill ".length()));
      }
    }
    return 0;
  }

  /**
   * Starts a further process.
   *
   * @throws MonitorException when that is not possible
   */
  GuestExecution execute(ProcessSpec spec)
      throws AgentException, MonitorException, InterruptedException {
    String place = GuestFiles.DIRECTORY + "/exec/" + executions.incrementAndGet();
    UserSpec user = new GuestUsers(agent, files.root()).resolve(spec.user());
    agent.makeDirectory(place, 0700);
    agent.writeFile(
        place + "/process.json",
        0600,
        GuestConfig.process(spec, user).toString().getBytes(StandardCharsets.ISO_8859_1));
    AgentProcess process =
        crun.start(
            place + "/log",
            spec.terminals() == 0 ? "" : place + "/console",
            List.of(
                "exec",
                "--process=" + place + "/process.json",
                "--pid-file=" + place + "/pid",
                NAME));
    while (true) {
      try {
        return new GuestExecution(agent, process, pid(agent, place + "/pid"));
      } catch (MonitorException notYet) {
        if (process.awaitEnd(10)) {
          throw crun.failure(place + "/log", spec.arguments().getFirst());
        }
      }
    }
  }

  private static int pid(AgentConnection agent, String file)
      throws AgentException, MonitorException {
    String text;
    try {
      text = text(agent, file, 32).strip();
    } catch (AgentException failure) {
      if (failure.errno() != dev.bulwark.linux.Errno.ENOENT) {
        throw failure;
      }
      text = "";
    }
    // crun makes the file before it writes the number.
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw new MonitorException(Crun.FAILED, "the guest's crun has started no process");
    }
    return Integer.parseInt(text);
  }

  private static String text(AgentConnection agent, String file, int limit) throws AgentException {
    return new String(agent.readFile(file, limit), StandardCharsets.ISO_8859_1);
  }
}
