package dev.bulwark.sentry.net;

import dev.bulwark.sentry.kernel.Task;

/** {@code struct ucred}: who is at the other end of a Unix socket. */
public record PeerCredentials(int pid, int uid, int gid) {
  /** Size of the C structure. */
  public static final int SIZE = 12;

  /** Of a socket that nobody is connected to. */
  public static final PeerCredentials NOBODY = new PeerCredentials(0, -1, -1);

  /** Those of a task, as SO_PEERCRED tells them. */
  public static PeerCredentials of(Task task) {
    return new PeerCredentials(
        task.process().pid(), task.credentials().euid(), task.credentials().egid());
  }

  /** Those of a task, as SCM_CREDENTIALS tells them unless it says otherwise. */
  public static PeerCredentials real(Task task) {
    return new PeerCredentials(
        task.process().pid(), task.credentials().uid(), task.credentials().gid());
  }
}
