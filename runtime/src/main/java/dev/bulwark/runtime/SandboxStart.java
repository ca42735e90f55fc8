package dev.bulwark.runtime;

import dev.bulwark.control.Inherited;
import dev.bulwark.control.NetworkMode;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.runtime.keeper.Confinement;
import dev.bulwark.runtime.keeper.Keeper;
import dev.bulwark.runtime.keeper.Plan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The start of a sandbox: the Sentry and the Gofer as steps of a keeper's plan, and the descriptors
 * that they are given. Closing it closes this process's copies, without which the processes would
 * not see each other end.
 */
public final class SandboxStart implements AutoCloseable {
  private static final List<String> ENVIRONMENT = List.of("LC_ALL=C.UTF-8");
  private static final int O_RDWR = 2;
  private static final int O_PATH_DIRECTORY = 0x210000;

  private final Installation installation;
  private final List<Integer> opened = new ArrayList<>();
  private final int nothing;
  private final int sentrySide;
  private final Plan plan;

  private SandboxStart(Installation installation) throws HostException {
    this.installation = installation;
    nothing = keep(HostIo.open("/dev/null", O_RDWR, 0));
    int[] control = HostIo.socketPair();
    plan = new Plan(keep(control[0]));
    sentrySide = keep(control[1]);
  }

  /** Begins a start from this installation. */
  public static SandboxStart begin() throws HostException, LaunchFailure {
    return new SandboxStart(Installation.current());
  }

  /**
   * What the Sentry gets besides.
   *
   * @param stdio the application's standard files
   * @param trace where traced calls go, or {@link Plan#NO_FD}
   * @param listener where runtime commands connect, or {@link Plan#NO_FD}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Files(int[] stdio, int trace, int listener) {}

  /** What the keeper is to do; steps that are added before {@link #add} come first. */
  public Plan plan() {
    return plan;
  }

  /** The Sentry's end of the socket to the keeper. */
  public int sentrySide() {
    return sentrySide;
  }

  /**
   * This process's own standard files for an application.
   *
   * @param terminals which of them it uses as a terminal, as a bit mask
   */
  public int[] streams(int terminals) throws HostException {
    int[] streams = StandardStreams.prepare(terminals, nothing).descriptors();
    for (int fd : streams) {
      keep(fd);
    }
    return streams;
  }

  /**
   * Adds the Sentry and the Gofer.
   *
   * @param trees what the Gofer serves, the root file system first
   * @param logDirectory where they keep their logs; null to keep none unless they fail
   */
  public void add(SandboxSpec spec, Files files, List<Tree> trees, @Nullable String logDirectory)
      throws HostException, LaunchFailure {
    int[] gofer = HostIo.socketPair();
    ProcessLog sentryLog = log(Installation.Role.SENTRY, logDirectory);
    int[] sentryFiles = new int[Inherited.SENTRY_COUNT];
    standard(sentryFiles, sentryLog);
    sentryFiles[Inherited.SENTRY_CONTROL] = sentrySide;
    sentryFiles[Inherited.SENTRY_SPEC] = keep(HostIo.memoryFile("bulwark-spec", spec.encode()));
    sentryFiles[Inherited.SENTRY_GOFER] = keep(gofer[0]);
    System.arraycopy(files.stdio, 0, sentryFiles, Inherited.SENTRY_STDIO, 3);
    sentryFiles[Inherited.SENTRY_TRACE] = files.trace;
    sentryFiles[Inherited.SENTRY_LISTENER] = files.listener;
    sentryFiles[Inherited.SENTRY_PROC] =
        spec.network() == NetworkMode.NONE
            ? Plan.NO_FD
            : keep(HostIo.open("/proc", O_PATH_DIRECTORY, 0));
    int[] sentryGuard = HostIo.socketPair();
    sentryFiles[Inherited.SENTRY_GUARD] = keep(sentryGuard[1]);
    child(
        Installation.Role.SENTRY,
        sentryLog,
        installation.training() ? List.of("--rehearsal") : List.of(),
        Confinements.sentry(installation, trees),
        keep(sentryGuard[0]),
        sentryFiles);

    ProcessLog goferLog = log(Installation.Role.GOFER, logDirectory);
    int[] goferFiles = new int[Inherited.GOFER_ROOT + trees.size()];
    standard(goferFiles, goferLog);
    goferFiles[Inherited.GOFER_SOCKET] = keep(gofer[1]);
    int[] goferGuard = HostIo.socketPair();
    goferFiles[Inherited.GOFER_GUARD] = keep(goferGuard[1]);
    List<String> arguments = new ArrayList<>(List.of("--socket", "fd=" + Inherited.GOFER_SOCKET));
    String option = installation.training() ? "--rehearsal" : "--guard";
    arguments.addAll(List.of(option, "fd=" + Inherited.GOFER_GUARD));
    for (int i = 0; i < trees.size(); i++) {
      Tree tree = trees.get(i);
      goferFiles[Inherited.GOFER_ROOT + i] = tree.fd();
      arguments.add("--root");
      arguments.add(
          "fd="
              + (Inherited.GOFER_ROOT + i)
              + (tree.readOnly() ? ",ro" : "")
              + (tree.shared() ? ",shared" : "")
              + (tree.sockets() ? ",sockets" : ""));
    }
    child(
        Installation.Role.GOFER,
        goferLog,
        arguments,
        Confinements.gofer(installation, trees),
        keep(goferGuard[0]),
        goferFiles);
  }

  /**
   * Adds the monitor of a virtual machine.
   *
   * @param trees what the machine is given, the root file system first
   * @param acceleration {@code auto}, {@code kvm} or {@code tcg}
   * @param logDirectory where it keeps its log; null to keep none unless it fails
   */
  void addMonitor(
      SandboxSpec spec,
      Files files,
      List<Tree> trees,
      String acceleration,
      @Nullable String logDirectory)
      throws HostException, LaunchFailure {
    ProcessLog log = log(Installation.Role.MONITOR, logDirectory);
    int[] descriptors = new int[Inherited.MONITOR_TREES + trees.size()];
    standard(descriptors, log);
    descriptors[Inherited.MONITOR_CONTROL] = sentrySide;
    descriptors[Inherited.MONITOR_SPEC] = keep(HostIo.memoryFile("bulwark-spec", spec.encode()));
    System.arraycopy(files.stdio, 0, descriptors, Inherited.MONITOR_STDIO, 3);
    descriptors[Inherited.MONITOR_LISTENER] = files.listener;
    for (int i = 0; i < trees.size(); i++) {
      descriptors[Inherited.MONITOR_TREES + i] = trees.get(i).fd();
    }
    StringBuilder access = new StringBuilder();
    trees.forEach(tree -> access.append(tree.readOnly() ? 'r' : 'w'));
    List<String> arguments = List.of(installation.home(), acceleration, access.toString());
    child(Installation.Role.MONITOR, log, arguments, Confinement.NONE, Plan.NO_FD, descriptors);
  }

  /** This process becomes the keeper. */
  public HostException become() throws HostException {
    throw new Keeper(installation.keeper()).become(plan, nothing);
  }

  /**
   * Starts the keeper as a child of this process.
   *
   * @param errors what it has as standard error
   * @return its pid
   */
  public int launch(int errors) throws HostException {
    if (installation.training()) {
      plan.patient();
    }
    return new Keeper(installation.keeper()).start(plan, nothing, errors);
  }

  /** Whether this run records the start of the processes. */
  boolean training() {
    return installation.training();
  }

  private static ProcessLog log(Installation.Role role, @Nullable String directory)
      throws LaunchFailure {
    try {
      return ProcessLog.open(role.fileName(), directory);
    } catch (HostException failure) {
      throw new LaunchFailure(
          "the log cannot be written: "
              + failure.getMessage()
              + "; name a directory that exists with --debug-log");
    }
  }

  private void standard(int[] files, ProcessLog log) {
    files[0] = nothing;
    files[1] = log.fd();
    files[2] = log.fd();
    keep(log.fd());
  }

  private void child(
      Installation.Role role,
      ProcessLog log,
      List<String> arguments,
      Confinement confinement,
      int guard,
      int[] files) {
    plan.child(
        role.title(),
        log.unsaved(),
        log.path(),
        installation.command(role, arguments),
        ENVIRONMENT,
        installation.training() ? confinement.lifted() : confinement,
        guard,
        files);
  }

  private int keep(int fd) {
    opened.add(fd);
    return fd;
  }

  @Override
  public void close() {
    opened.forEach(HostIo::close);
    opened.clear();
  }
}
