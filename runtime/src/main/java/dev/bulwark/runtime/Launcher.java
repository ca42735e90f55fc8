package dev.bulwark.runtime;

import dev.bulwark.control.RootMode;
import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostTerminal;
import dev.bulwark.linux.HostWait;
import dev.bulwark.linux.Spawn;
import dev.bulwark.runtime.keeper.Plan;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Starts a sandbox in the foreground: this process becomes its keeper. */
public final class Launcher {
  private static final int O_PATH_DIRECTORY = 0x210000;
  private static final int O_WRONLY_CREAT_TRUNC = 0x241;
  private static final long CLONE_NEWNET = 0x40000000L;
  private static final int STANDARD_ERROR = 2;
  private static final int[] FORWARDED = {1, 2, 3, 10, 12, 15, 18, 28};

  private final LaunchRequest request;

  private Launcher(LaunchRequest request) {
    this.request = request;
  }

  /**
   * Runs a sandbox. When that can be started at all, this process is its keeper from then on, and
   * the method does not return; only the training run of the build stays with it.
   *
   * @return how a training run ended
   * @throws LaunchFailure when the sandbox could not be started
   */
  public static int run(LaunchRequest request) throws LaunchFailure {
    Launcher launcher = new Launcher(request);
    try {
      return launcher.start();
    } catch (HostException failure) {
      throw new LaunchFailure(failure.getMessage());
    }
  }

  private int start() throws HostException, LaunchFailure {
    request
        .wall()
        .prepare(
            request.hostNetwork(), request.spec().trace().enabled(), request.spec().platform());
    List<Tree> trees =
        List.of(
            new Tree(
                rootDirectory(), request.spec().root() != RootMode.WRITE_THROUGH, false, false));
    int terminals = request.spec().process().terminals();
    int pid;
    try (SandboxStart start = SandboxStart.begin()) {
      start.plan().forward(FORWARDED);
      if (request.hostNetwork()) {
        System.err.println("bulwark: the sandbox uses the host's network");
      } else {
        start.plan().unshare("making a network namespace", CLONE_NEWNET).loopback();
      }
      request
          .wall()
          .addTo(
              start,
              request.spec(),
              new SandboxStart.Files(start.streams(terminals), traceFile(), Plan.NO_FD),
              trees,
              request.logDirectory());
      if (!start.training()) {
        throw become(start, terminals);
      }
      pid = start.launch(STANDARD_ERROR);
    }
    return HostWait.exitCode(pid);
  }

  private LaunchFailure become(SandboxStart start, int terminals) {
    byte[] settings = request.spec().terminalSettings().getBytes(StandardCharsets.ISO_8859_1);
    if (terminals != 0 && settings.length > 0) {
      start.plan().restore(0, settings);
      HostTerminal.makeRaw(0, settings);
    }
    try {
      throw start.become();
    } catch (HostException failure) {
      if (settings.length > 0) {
        HostTerminal.restore(0, settings);
      }
      return new LaunchFailure(
          failure.getMessage() + "; remove dist/built to build again what is missing");
    }
  }

  /**
   * The path of the program that engines start.
   *
   * @throws LaunchFailure when this process was not started by it
   */
  public static String script() throws LaunchFailure {
    return Installation.current().script();
  }

  /**
   * Becomes a process that builds, lists or removes guest images.
   *
   * @param words the command and its operands
   * @throws LaunchFailure when it cannot be started
   */
  public static int images(List<String> words) throws LaunchFailure {
    Installation installation = Installation.current();
    try {
      throw Spawn.replace(
          installation.java(),
          VmWall.imageCommand(installation, words),
          VmWall.TOOLS_ENVIRONMENT,
          new int[] {0, 1, 2});
    } catch (HostException failure) {
      throw new LaunchFailure(failure.getMessage());
    }
  }

  /**
   * Becomes a process that prints the table of system calls to standard output, in Markdown.
   *
   * @throws LaunchFailure when there is none
   */
  public static int printSyscalls() throws LaunchFailure {
    Installation installation = Installation.current();
    List<String> command =
        installation.command(
            Installation.Role.SENTRY, "dev.bulwark.sentry.boot.SyscallList", List.of());
    try {
      throw Spawn.replace(
          installation.java(), command, List.of("LC_ALL=C.UTF-8"), new int[] {0, 1, 2});
    } catch (HostException failure) {
      String remedy =
          failure.errno() == Errno.ENOENT
              ? "; the JDK that built Bulwark is gone: remove dist/built to build with another"
              : "";
      throw new LaunchFailure(failure.getMessage() + remedy);
    }
  }

  private int rootDirectory() throws LaunchFailure {
    try {
      return HostIo.open(request.rootDirectory(), O_PATH_DIRECTORY, 0);
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
      return STANDARD_ERROR;
    }
    try {
      return HostIo.open(path, O_WRONLY_CREAT_TRUNC, 0666);
    } catch (HostException failure) {
      throw new LaunchFailure(
          "the trace cannot be written: "
              + failure.getMessage()
              + "; name a file that can be with --strace=FILE");
    }
  }
}
