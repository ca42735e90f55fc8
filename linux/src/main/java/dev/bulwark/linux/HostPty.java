package dev.bulwark.linux;

/**
 * A new pair of pseudoterminal ends of the host.
 *
 * @param master the descriptor for whoever shows the terminal
 * @param slave the descriptor for whoever uses it
 */
public record HostPty(int master, int slave) {
  private static final long TIOCSPTLCK = 0x40045431L;
  private static final long TIOCGPTPEER = 0x5441;
  private static final long TIOCSWINSZ = 0x5414;
  private static final int O_RDWR_NOCTTY = 0402;
  private static final int O_CLOEXEC = 02000000;

  /**
   * Makes a pair.
   *
   * @throws HostException when the host refuses, ENOSPC when there are too many
   */
  public static HostPty open() throws HostException {
    int master = HostIo.open("/dev/ptmx", O_RDWR_NOCTTY, 0);
    try (Scratch scratch = Scratch.take()) {
      scratch.struct.putInt(0, 0);
      HostCall.check(
          HostCall.call(Sys.IOCTL, master, TIOCSPTLCK, scratch.struct.address()),
          "unlocking a terminal");
      long slave =
          HostCall.check(
              HostCall.call(Sys.IOCTL, master, TIOCGPTPEER, O_RDWR_NOCTTY | O_CLOEXEC),
              "opening a terminal");
      return new HostPty(master, (int) slave);
    } catch (HostException failure) {
      HostIo.close(master);
      throw failure;
    }
  }

  /** Sets the size. */
  public void resize(int rows, int columns) {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory size = scratch.struct;
      size.putLong(0, 0);
      size.putShort(0, (short) rows);
      size.putShort(2, (short) columns);
      HostCall.call(Sys.IOCTL, master, TIOCSWINSZ, size.address());
    }
  }
}
