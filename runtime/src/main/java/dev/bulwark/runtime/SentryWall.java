package dev.bulwark.runtime;

import dev.bulwark.control.PlatformChoice;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.linux.HostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A user-space kernel, the Sentry, with a file server, the Gofer. */
public record SentryWall() implements Wall {
  /** Its word on the command line. */
  public static final String NAME = "sentry";

  @Override
  public String name() {
    return NAME;
  }

  /** Two JVMs with their heaps, and what the host keeps for them. */
  @Override
  public long overheadBytes() {
    return 256L << 20;
  }

  @Override
  public boolean reachesNetwork() {
    return true;
  }

  @Override
  public boolean numbersProcesses() {
    return true;
  }

  @Override
  public void prepare(boolean hostNetwork, boolean traced, PlatformChoice platform) {
    // All that it takes is part of the build.
  }

  @Override
  public void addTo(
      SandboxStart start,
      SandboxSpec spec,
      SandboxStart.Files files,
      List<Tree> trees,
      @Nullable String logDirectory)
      throws HostException, LaunchFailure {
    start.add(spec, files, trees, logDirectory);
  }
}
