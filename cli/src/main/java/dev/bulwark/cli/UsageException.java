package dev.bulwark.cli;

/** Arguments that make no sense; the message says which and what to write instead. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1;

  UsageException(String sentence) {
    super(sentence, null, false, false);
  }
}
