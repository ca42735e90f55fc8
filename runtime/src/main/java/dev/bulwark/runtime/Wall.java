package dev.bulwark.runtime;

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
   * Sees that what it takes is there, before anything is started.
   *
   * @throws LaunchFailure when it cannot do what is asked; the sentence says what to do
   */
  void prepare(LaunchRequest request) throws LaunchFailure;

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
