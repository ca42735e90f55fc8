package dev.bulwark.runtime;

/** A sandbox could not be started or did not end well; the message is a sentence for a person. */
public final class LaunchFailure extends Exception {
  /** The exit code for a failure of the runtime itself, as {@code docker run} uses it. */
  public static final int RUNTIME_FAILED = 125;

  private static final long serialVersionUID = 1;
  private final int exitCode;

  /** A failure of the runtime. */
  public LaunchFailure(String sentence) {
    this(RUNTIME_FAILED, sentence);
  }

  /** A failure with an exit code of its own, 126 for a command that cannot be executed. */
  public LaunchFailure(int exitCode, String sentence) {
    super(sentence, null, false, false);
    this.exitCode = exitCode;
  }

  /** What the command line exits with. */
  public int exitCode() {
    return exitCode;
  }
}
