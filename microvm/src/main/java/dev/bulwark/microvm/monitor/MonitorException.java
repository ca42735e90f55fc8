package dev.bulwark.microvm.monitor;

/** A container cannot be run in a machine; the message is a sentence. */
final class MonitorException extends Exception {
  private static final long serialVersionUID = 1;
  private final int exitCode;

  MonitorException(int exitCode, String sentence) {
    super(sentence, null, false, false);
    this.exitCode = exitCode;
  }

  /** What the runtime's command is to exit with. */
  int exitCode() {
    return exitCode;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
