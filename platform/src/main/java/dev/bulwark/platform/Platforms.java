package dev.bulwark.platform;

import dev.bulwark.platform.ptrace.PtracePlatform;
import dev.bulwark.platform.systrap.SystrapPlatform;
import java.io.IOException;
import java.util.function.Consumer;

/** The platforms that there are. */
public final class Platforms {
  private final int patchAfter;
  private final Runnable failed;

  /**
   * What all platforms are told.
   *
   * @param patchAfter how often a call site traps before it is changed, where a platform can; 0 for
   *     never
   * @param failed told when no process can be made any more, while the platform is open
   */
  public Platforms(int patchAfter, Runnable failed) {
    this.patchAfter = patchAfter;
    this.failed = failed;
  }

  /**
   * Opens a platform.
   *
   * @param name {@code systrap}, {@code ptrace}, or {@code auto} for the first of the two that
   *     works
   * @param log takes a sentence when it is not the first
   * @throws IOException when it does not work on this host, and why
   */
  public Platform open(String name, Consumer<String> log) throws IOException {
    return switch (name) {
      case "systrap" -> systrap();
      case "ptrace" -> ptrace();
      case "auto" -> first(log);
      default -> throw new IllegalArgumentException("platform " + name);
    };
  }

  private Platform first(Consumer<String> log) throws IOException {
    IOException refused;
    try {
      return systrap();
    } catch (IOException e) {
      refused = e;
    }
    try {
      Platform second = ptrace();
      log.accept("platform ptrace is used, because " + refused.getMessage());
      return second;
    } catch (IOException e) {
      e.addSuppressed(refused);
      throw new IOException(refused.getMessage() + "; " + e.getMessage(), e);
    }
  }

  private Platform systrap() throws IOException {
    try {
      return new SystrapPlatform(patchAfter, failed);
    } catch (IOException e) {
      throw unusable("systrap", e);
    }
  }

  private Platform ptrace() throws IOException {
    try {
      return new PtracePlatform(failed);
    } catch (IOException e) {
      throw unusable("ptrace", e);
    }
  }

  private static IOException unusable(String name, IOException why) {
    return new IOException("platform " + name + " cannot be used here: " + why.getMessage(), why);
  }
}
