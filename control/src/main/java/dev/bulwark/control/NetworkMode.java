package dev.bulwark.control;

/** What a sandbox's Internet protocols reach. */
public enum NetworkMode {
  /** Nothing: there are none, and socket(2) answers EAFNOSUPPORT. */
  NONE,
  /** The network namespace that the Sentry was started in, through sockets of the host. */
  HOST_STACK;

  int code() {
    return switch (this) {
      case NONE -> 0;
      case HOST_STACK -> 1;
    };
  }

  static NetworkMode of(int code) throws MalformedException {
    return switch (code) {
      case 0 -> NONE;
      case 1 -> HOST_STACK;
      default -> throw new MalformedException("network mode " + code);
    };
  }
}
