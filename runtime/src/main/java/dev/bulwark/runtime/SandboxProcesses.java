package dev.bulwark.runtime;

import dev.bulwark.control.Inherited;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.runtime.keeper.Plan;
import java.util.ArrayList;
import java.util.List;

/**
 * The Sentry and the Gofer of a sandbox, as steps of a keeper's plan. Closing it closes this
 * process's copies of what they are given, without which they would not see each other end.
 */
final class SandboxProcesses implements AutoCloseable {
  private static final List<String> ENVIRONMENT = List.of("LC_ALL=C.UTF-8");

  private final Installation installation;
  private final int nothing;
  private final List<Integer> opened = new ArrayList<>();

  /**
   * Processes of an installation.
   *
   * @param nothing a descriptor of /dev/null
   */
  SandboxProcesses(Installation installation, int nothing) {
    this.installation = installation;
    this.nothing = nothing;
  }

  /**
   * What the Sentry gets open.
   *
   * @param keeper its end of the socket to the keeper, closed with this object
   * @param stdio the application's standard files
   * @param trace where traced calls go, or {@link Plan#NO_FD}
   * @param listener where runtime commands connect, or {@link Plan#NO_FD}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record SentryFiles(int keeper, int[] stdio, int trace, int listener) {}

  /** Adds both processes to a plan. */
  void addTo(
      Plan plan,
      SandboxSpec spec,
      SentryFiles files,
      List<Tree> trees,
      ProcessLog sentryLog,
      ProcessLog goferLog)
      throws HostException {
    int[] gofer = HostIo.socketPair();
    opened.add(gofer[0]);
    opened.add(gofer[1]);
    opened.add(files.keeper);
    int[] sentryFiles = new int[Inherited.SENTRY_LISTENER + 1];
    standard(sentryFiles, sentryLog);
    sentryFiles[Inherited.SENTRY_CONTROL] = files.keeper;
    sentryFiles[Inherited.SENTRY_SPEC] = HostIo.memoryFile("bulwark-spec", spec.encode());
    sentryFiles[Inherited.SENTRY_GOFER] = gofer[0];
    System.arraycopy(files.stdio, 0, sentryFiles, Inherited.SENTRY_STDIO, 3);
    sentryFiles[Inherited.SENTRY_TRACE] = files.trace;
    sentryFiles[Inherited.SENTRY_LISTENER] = files.listener;
    child(plan, Installation.Role.SENTRY, sentryLog, List.of(), sentryFiles);

    int[] goferFiles = new int[Inherited.GOFER_ROOT + trees.size()];
    standard(goferFiles, goferLog);
    goferFiles[Inherited.GOFER_SOCKET] = gofer[1];
    List<String> arguments = new ArrayList<>(List.of("--socket", "fd=" + Inherited.GOFER_SOCKET));
    for (int i = 0; i < trees.size(); i++) {
      Tree tree = trees.get(i);
      goferFiles[Inherited.GOFER_ROOT + i] = tree.fd();
      arguments.add("--root");
      arguments.add(
          "fd="
              + (Inherited.GOFER_ROOT + i)
              + (tree.readOnly() ? ",ro" : "")
              + (tree.shared() ? ",shared" : ""));
    }
    child(plan, Installation.Role.GOFER, goferLog, arguments, goferFiles);
  }

  @Override
  public void close() {
    opened.forEach(HostIo::close);
    opened.clear();
  }

  private void standard(int[] files, ProcessLog log) {
    files[0] = nothing;
    files[1] = log.fd();
    files[2] = log.fd();
  }

  private void child(
      Plan plan, Installation.Role role, ProcessLog log, List<String> arguments, int[] files) {
    plan.child(
        role.title(),
        log.unsaved(),
        log.path(),
        installation.command(role, arguments),
        ENVIRONMENT,
        files);
  }
}
