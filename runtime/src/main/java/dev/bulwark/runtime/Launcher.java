package dev.bulwark.runtime;

import dev.bulwark.control.Inherited;
import dev.bulwark.control.NetworkMode;
import dev.bulwark.control.RootMode;
import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.SignalPipe;
import dev.bulwark.linux.Spawn;
import java.util.ArrayList;
import java.util.List;

/** Starts a sandbox and stays with it until it has ended. */
public final class Launcher {
  private static final int O_RDWR = 2;
  private static final int O_PATH_DIRECTORY = 0x210000;
  private static final int O_WRONLY_CREAT_TRUNC = 0x241;
  private static final int[] FORWARDED = {1, 2, 3, 10, 12, 15, 18, 28};

  private final LaunchRequest request;
  private final Installation installation;
  private final List<Integer> opened = new ArrayList<>();

  private Launcher(LaunchRequest request, Installation installation) {
    this.request = request;
    this.installation = installation;
  }

  /**
   * Runs a sandbox.
   *
   * @return how its init ended
   * @throws LaunchFailure when it could not be started or was cut short
   */
  public static Outcome run(LaunchRequest request) throws LaunchFailure {
    Launcher launcher = new Launcher(request, Installation.current());
    try {
      return launcher.start();
    } catch (HostException failure) {
      throw new LaunchFailure(failure.getMessage());
    } finally {
      launcher.opened.forEach(HostIo::close);
    }
  }

  private Outcome start() throws HostException, LaunchFailure {
    int root = rootDirectory();
    int trace = traceFile();
    int nothing = keep(HostIo.open("/dev/null", O_RDWR, 0));
    int network = network(nothing);
    int spec = keep(HostIo.memoryFile("bulwark-spec", request.spec().encode()));
    int[] control = HostIo.socketPair();
    int[] files = HostIo.socketPair();
    Orphans.adopt();
    SignalPipe signals = SignalPipe.catching(FORWARDED);
    try (StandardStreams streams = StandardStreams.prepare(request.spec().terminals(), nothing);
        ProcessLog sentryLog = log(Installation.Role.SENTRY);
        ProcessLog goferLog = log(Installation.Role.GOFER);
        HostChild sentry =
            spawn(
                Installation.Role.SENTRY,
                nothing,
                sentryLog,
                control[1],
                spec,
                files[0],
                streams.get(0),
                streams.get(1),
                streams.get(2),
                trace,
                network);
        HostChild gofer = spawn(Installation.Role.GOFER, nothing, goferLog, files[1], root)) {
      // The other ends must close when their processes die, so no copy may stay here.
      HostIo.close(control[1]);
      HostIo.close(files[0]);
      HostIo.close(files[1]);
      keep(control[0]);
      streams.handedOver();
      if (request.spec().terminals() == 0) {
        StandardStreams.release(nothing);
      }
      Supervisor supervisor =
          new Supervisor(
              sentry, sentryLog, gofer, goferLog, control[0], signals, installation.training());
      try (ForegroundTerminal _ = ForegroundTerminal.take(request.spec().terminals())) {
        return supervisor.await();
      } finally {
        Orphans.reapAll();
      }
    }
  }

  /**
   * Prints the table of system calls to standard output, in Markdown.
   *
   * @return the exit code
   */
  public static int printSyscalls() throws LaunchFailure {
    Installation installation = Installation.current();
    List<String> command =
        installation.command(
            Installation.Role.SENTRY, "dev.bulwark.sentry.boot.SyscallList", List.of());
    try (HostChild child =
        new HostChild(
            Spawn.start(
                installation.java(), command, List.of("LC_ALL=C.UTF-8"), new int[] {0, 1, 2}))) {
      return child.await();
    } catch (HostException failure) {
      throw new LaunchFailure(failure.getMessage());
    }
  }

  private int rootDirectory() throws LaunchFailure {
    try {
      return keep(HostIo.open(request.rootDirectory(), O_PATH_DIRECTORY, 0));
    } catch (HostException failure) {
      throw new LaunchFailure(
          "the root file system cannot be used: "
              + failure.getMessage()
              + "; name a directory that exists with --root");
    }
  }

  private int traceFile() throws LaunchFailure {
    String path = request.traceFile();
    if (path == null) {
      return 2;
    }
    try {
      return keep(HostIo.open(path, O_WRONLY_CREAT_TRUNC, 0666));
    } catch (HostException failure) {
      throw new LaunchFailure(
          "the trace cannot be written: "
              + failure.getMessage()
              + "; name a file that can be with --strace=FILE");
    }
  }

  /** What the Sentry is to learn of its network from. */
  private int network(int nothing) throws HostException {
    if (request.spec().network() == NetworkMode.NONE) {
      return nothing;
    }
    return keep(HostIo.open("/proc", O_PATH_DIRECTORY, 0));
  }

  private ProcessLog log(Installation.Role role) throws LaunchFailure {
    try {
      return ProcessLog.open(role.fileName(), request.logDirectory());
    } catch (HostException failure) {
      throw new LaunchFailure(
          "the log cannot be written: "
              + failure.getMessage()
              + "; name a directory that exists with --debug-log");
    }
  }

  /** The Gofer itself refuses writes unless they are to go through. */
  private List<String> goferArguments() {
    boolean writable = request.spec().root() == RootMode.WRITE_THROUGH;
    return List.of(
        "--socket",
        "fd=" + Inherited.GOFER_SOCKET,
        "--root",
        "fd=" + Inherited.GOFER_ROOT + (writable ? "" : ",ro"));
  }

  private int keep(int descriptor) {
    opened.add(descriptor);
    return descriptor;
  }

  /** Starts a process whose descriptors from {@link Inherited#SENTRY_CONTROL} on are given. */
  private HostChild spawn(Installation.Role role, int nothing, ProcessLog log, int... further)
      throws HostException, LaunchFailure {
    int[] descriptors = new int[Inherited.SENTRY_CONTROL + further.length];
    descriptors[0] = nothing;
    descriptors[1] = log.fd();
    descriptors[2] = log.fd();
    System.arraycopy(further, 0, descriptors, Inherited.SENTRY_CONTROL, further.length);
    List<String> command =
        installation.command(role, role == Installation.Role.GOFER ? goferArguments() : List.of());
    try {
      return new HostChild(
          Spawn.start(installation.java(), command, List.of("LC_ALL=C.UTF-8"), descriptors));
    } catch (HostException failure) {
      String remedy =
          failure.errno() == Errno.ENOENT
              ? "; the JDK that built Bulwark is gone: remove dist/built to build with another"
              : "";
      throw new LaunchFailure(failure.getMessage() + remedy);
    }
  }
}
