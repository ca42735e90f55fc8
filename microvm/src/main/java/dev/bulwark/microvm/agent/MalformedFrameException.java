package dev.bulwark.microvm.agent;

/** A guest sent what no agent sends. */
final class MalformedFrameException extends Exception {
  private static final long serialVersionUID = 1;

  MalformedFrameException(String what) {
    super("the guest agent sent " + what, null, false, false);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
