package dev.bulwark.runtime.json;

import java.util.Objects;

/**
 * A document cannot be used. The message is one sentence for people: which document, which field,
 * what is wrong with it, and where there is something to do, what.
 */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1;

  /** Refuses a document with a whole sentence. */
  public ConfigException(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
