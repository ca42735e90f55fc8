package dev.bulwark.sentry.vfs;

/**
 * Whom signal-driven input and output tells (fcntl(2), F_SETOWN_EX).
 *
 * @param type 0 for a thread, 1 for a process, 2 for a process group
 * @param id its number, 0 for nobody
 * @param signal the signal, 0 for SIGIO without particulars
 */
public record AsyncOwner(int type, int id, int signal) {
  /** A thread. */
  public static final int THREAD = 0;

  /** A process. */
  public static final int PROCESS = 1;

  /** A process group. */
  public static final int GROUP = 2;
}
