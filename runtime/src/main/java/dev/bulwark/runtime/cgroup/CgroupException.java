package dev.bulwark.runtime.cgroup;

import java.util.Objects;

/**
 * A cgroup could not be made, limited or removed; the message is a sentence that names the field of
 * the configuration or the file, and the reason.
 */
public final class CgroupException extends Exception {
  private static final long serialVersionUID = 1;

  /** Reports with a whole sentence. */
  public CgroupException(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
