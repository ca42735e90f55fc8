package dev.bulwark.sentry.kernel;

/** A session (setsid(2)): process groups that may share a controlling terminal. Immutable. */
public final class Session {
  private final int id;

  Session(int id) {
    this.id = id;
  }

  /** The identifier: the pid of the process that made it. */
  public int id() {
    return id;
  }
}
