package dev.bulwark.control;

/**
 * The descriptors with which the processes of a sandbox start; all others are closed. Both have
 * /dev/null as 0 and the log as 1 and 2, so that nothing a JVM prints reaches the application's
 * output.
 */
public final class Inherited {
  /** Sentry: the socket to the keeper, one {@link Message} a datagram. */
  public static final int SENTRY_CONTROL = 3;

  /** Sentry: a memory file that holds the encoded {@link SandboxSpec}. */
  public static final int SENTRY_SPEC = 4;

  /** Sentry: the socket to the Gofer. */
  public static final int SENTRY_GOFER = 5;

  /** Sentry: the application's descriptor 0; 1 and 2 follow. */
  public static final int SENTRY_STDIO = 6;

  /** Sentry: where traced calls are printed; present only with {@link TraceSpec#enabled}. */
  public static final int SENTRY_TRACE = 9;

  /** Sentry: the socket on which runtime commands connect; present only in containers. */
  public static final int SENTRY_LISTENER = 10;

  /**
   * Sentry: the directory /proc of the host, where it opens the files about its network at start;
   * present only with {@link NetworkMode#HOST_STACK}.
   */
  public static final int SENTRY_PROC = 11;

  /** Sentry: the socket on which it asks its keeper, a {@link dev.bulwark.linux.Guard}. */
  public static final int SENTRY_GUARD = 12;

  /** How many descriptors the Sentry starts with. */
  public static final int SENTRY_COUNT = 13;

  /** Gofer: the socket to the Sentry. */
  public static final int GOFER_SOCKET = 3;

  /** Gofer: the socket on which it asks its keeper, a {@link dev.bulwark.linux.Guard}. */
  public static final int GOFER_GUARD = 4;

  /** Gofer: the directory that becomes the root file system; the trees of mounts follow. */
  public static final int GOFER_ROOT = 5;

  /** Monitor of a machine: the socket to the keeper, one {@link Message} a datagram. */
  public static final int MONITOR_CONTROL = 3;

  /** Monitor: a memory file that holds the encoded {@link SandboxSpec}. */
  public static final int MONITOR_SPEC = 4;

  /** Monitor: the application's descriptor 0; 1 and 2 follow. */
  public static final int MONITOR_STDIO = 5;

  /** Monitor: the socket on which runtime commands connect; present only in containers. */
  public static final int MONITOR_LISTENER = 8;

  /** Monitor: the directory that becomes the root file system; the trees of mounts follow. */
  public static final int MONITOR_TREES = 9;

  private Inherited() {}
}
