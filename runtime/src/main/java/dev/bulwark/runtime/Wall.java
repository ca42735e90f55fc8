package dev.bulwark.runtime;

import dev.bulwark.control.PlatformChoice;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.linux.HostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a container and the host. A wall says which processes make a sandbox; the
 * keeper, the messages and the life cycle around them are the same for all walls.
 */
public sealed interface Wall permits SentryWall, VmWall {
  /** Its word on the command line and in annotations. */
  String name();

  /**
   * Finds a wall.
   *
   * @param name its word
   * @param acceleration of virtual machines: {@code auto}, {@code kvm} or {@code tcg}
   * @return null when there is none of that name
   */
  static @Nullable Wall named(String name, String acceleration) {
    return switch (name) {
      case SentryWall.NAME -> new SentryWall();
      case VmWall.NAME -> new VmWall(acceleration);
      default -> null;
    };
  }

  /** What its processes may take besides the memory of the applications, in bytes. */
  long overheadBytes();

  /**
   * Whether what runs behind it reaches the network namespace that its processes are in; otherwise
   * there is a network with a loopback interface alone.
   */
  boolean reachesNetwork();

  /**
   * Whether its processes are in a namespace of their own, so that the numbers of the host that it
   * tells of are to be looked up.
   */
  boolean numbersProcesses();

  /**
   * Sees that what it takes is there, before anything is started.
   *
   * @param hostNetwork whether the host's own network is asked for
   * @param traced whether system calls are to be printed
   * @param platform how system calls are to be caught
   * @throws LaunchFailure when it cannot do what is asked; the sentence says what to do
   */
  void prepare(boolean hostNetwork, boolean traced, PlatformChoice platform) throws LaunchFailure;

  /**
   * Adds the processes of a sandbox to its keeper's plan.
   *
   * @param trees what it is given of the host's files, the root file system first
   * @param logDirectory where they keep their logs; null to keep none unless they fail
   */
  void addTo(
      SandboxStart start,
      SandboxSpec spec,
      SandboxStart.Files files,
      List<Tree> trees,
      @Nullable String logDirectory)
      throws HostException, LaunchFailure;
}
