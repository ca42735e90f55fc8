package dev.bulwark.sentry.boot;

import java.util.Objects;

/** The sandbox's command cannot be started; the message is a sentence for a person. */
final class StartFailure extends Exception {
  static final int BAD_OPTION = 2;
  static final int RUNTIME_FAILED = 125;
  static final int NOT_EXECUTABLE = 126;
  static final int NOT_FOUND = 127;

  private static final long serialVersionUID = 1;
  private final int exitCode;

  StartFailure(int exitCode, String sentence) {
    super(sentence, null, false, false);
    this.exitCode = exitCode;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /** What the command line is to exit with. */
  int exitCode() {
    return exitCode;
  }
}
