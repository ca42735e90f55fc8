package dev.bulwark.microvm.agent;

import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostStream;
import dev.bulwark.linux.HostWait;
import dev.bulwark.linux.Spawn;
import java.util.ArrayList;
import java.util.List;

/** The agent as a process of the host, at the other end of a stream. */
final class RunningAgent implements AutoCloseable {
  private static final String PROGRAM = System.getProperty("user.dir") + "/target/bulwark-agent";

  final HostStream stream;
  private final int pid;

  private RunningAgent(List<String> before) throws HostException {
    int[] pair = HostStream.pair();
    int nothing = HostIo.open("/dev/null", 2, 0);
    List<String> command = new ArrayList<>(before);
    command.addAll(List.of(PROGRAM, "--descriptor"));
    pid =
        Spawn.start(
            command.getFirst(), command, List.of(), new int[] {nothing, nothing, 2, pair[1]});
    HostIo.close(nothing);
    HostIo.close(pair[1]);
    stream = new HostStream(pair[0]);
  }

  /** One that does what it is told. */
  static RunningAgent start() throws HostException {
    return new RunningAgent(List.of());
  }

  /** One that can do no harm, whatever it is told. */
  static RunningAgent harmless() throws HostException {
    return new RunningAgent(
        List.of(
            "/usr/bin/unshare",
            "--pid",
            "--fork",
            "--kill-child",
            "--net",
            "--ipc",
            "--uts",
            "--mount",
            "/usr/bin/setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "--bounding-set=-all",
            "--no-new-privs"));
  }

  /** How it ended, after its connection was closed. */
  int exitCode() throws HostException {
    return HostWait.exitCode(pid);
  }

  @Override
  public void close() {
    stream.close();
  }
}
