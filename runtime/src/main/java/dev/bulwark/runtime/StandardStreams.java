package dev.bulwark.runtime;

import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.Statx;
import dev.bulwark.linux.Sys;

/**
 * What a sandbox gets as standard input, output and error.
 *
 * <p>The Sentry must not block on them, and making the shell's own descriptions non-blocking would
 * change them for every other program that holds them. Pipes and terminals are therefore opened
 * anew, which makes a description of our own.
 */
final class StandardStreams {
  private static final int F_GETFL = 3;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int ACCESS_MODE = 3;
  private static final int O_APPEND = 02000;
  private static final int O_NOCTTY = 0400;
  private static final int O_NONBLOCK = 04000;
  private static final int ABOVE_STANDARD = 3;

  private final int[] descriptors = new int[3];
  private int opened;

  private StandardStreams() {}

  /**
   * Makes the three descriptors for the sandbox; one that is closed here is {@code nothing}.
   *
   * @param terminals a mask of those that the Sentry serves as a terminal, with threads that wait
   */
  static StandardStreams prepare(int terminals, int nothing) throws HostException {
    StandardStreams streams = new StandardStreams();
    while (streams.opened < 3) {
      streams.descriptors[streams.opened] =
          prepare(streams.opened, (terminals >>> streams.opened & 1) != 0, nothing);
      streams.opened++;
    }
    return streams;
  }

  private static int prepare(int fd, boolean terminal, int nothing) throws HostException {
    Statx statx = new Statx();
    if (statx.fill(fd, "") < 0) {
      return duplicate(nothing);
    }
    if (statx.type() == Statx.FIFO || statx.type() == Statx.CHARACTER) {
      long flags = HostCall.call(Sys.FCNTL, fd, F_GETFL);
      try {
        return HostIo.open(
            "/proc/self/fd/" + fd,
            (int) (flags & (ACCESS_MODE | O_APPEND)) | O_NOCTTY | (terminal ? 0 : O_NONBLOCK),
            0);
      } catch (HostException notOurs) {
        return duplicate(fd); // of another user, or its reader is gone: the Sentry polls it first
      }
    }
    return duplicate(fd);
  }

  private static int duplicate(int fd) throws HostException {
    return (int)
        HostCall.check(
            HostCall.call(Sys.FCNTL, fd, F_DUPFD_CLOEXEC, ABOVE_STANDARD),
            "duplicating descriptor " + fd);
  }

  /** The descriptors for the application's 0, 1 and 2. */
  int[] descriptors() {
    return descriptors.clone();
  }
}
