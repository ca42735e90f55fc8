package dev.bulwark.control;

import java.io.IOException;

/** A message or specification that this build does not understand. */
public final class MalformedException extends IOException {
  private static final long serialVersionUID = 1;

  MalformedException(String why) {
    super("malformed control message: " + why);
  }
}
