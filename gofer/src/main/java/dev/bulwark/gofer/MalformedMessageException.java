package dev.bulwark.gofer;

/** A message that is none of the protocol's; the connection cannot go on. */
final class MalformedMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedMessageException(String what) {
    super(what);
  }
}
