package dev.bulwark.runtime.container;

/**
 * A command on a container failed. Engines match on parts of some messages, which are runc's own
 * words then.
 */
public final class ContainerException extends Exception {
  private static final long serialVersionUID = 1;

  /** With a sentence for people. */
  public ContainerException(String sentence) {
    super(sentence, null, false, false);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /** There is no container of that name. */
  static ContainerException absent(String id) {
    return new ContainerException("container \"" + id + "\" does not exist");
  }
}
