package dev.bulwark.linux;

import org.jspecify.annotations.Nullable;

/** The settings of a terminal of the host (termios(3)). */
public final class HostTerminal {
  private static final long TCGETS = 0x5401;
  private static final long TCSETSW = 0x5403;
  private static final long TIOCGWINSZ = 0x5413;

  /** struct termios of the kernel: four words of flags, the discipline, 19 control characters. */
  private static final int SIZE = 36;

  private static final int INPUT_FLAGS_OFF =
      0x5eb; // IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON
  private static final int OUTPUT_FLAGS_OFF = 0x1; // OPOST
  private static final int LOCAL_FLAGS_OFF = 0x804b; // ISIG ICANON ECHO ECHONL IEXTEN
  private static final int CONTROL_CHARACTERS = 17;
  private static final int VTIME = 5;
  private static final int VMIN = 6;

  private HostTerminal() {}

  /** Whether a descriptor is a terminal. */
  public static boolean is(int fd) {
    return settings(fd) != null;
  }

  /** The present settings, for {@link #restore}; null when the descriptor is no terminal. */
  public static byte @Nullable [] settings(int fd) {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory termios = scratch.struct;
      return HostCall.call(Sys.IOCTL, fd, TCGETS, termios.address()) == 0
          ? termios.get(0, SIZE)
          : null;
    }
  }

  /**
   * Makes the terminal hand every byte through as it is, both ways: keys that mean a signal too.
   *
   * @param settings what {@link #settings} gave
   */
  public static void makeRaw(int fd, byte[] settings) {
    byte[] raw = settings.clone();
    clear(raw, 0, INPUT_FLAGS_OFF);
    clear(raw, 4, OUTPUT_FLAGS_OFF);
    clear(raw, 12, LOCAL_FLAGS_OFF);
    raw[CONTROL_CHARACTERS + VTIME] = 0;
    raw[CONTROL_CHARACTERS + VMIN] = 1;
    restore(fd, raw);
  }

  private static void clear(byte[] termios, int offset, int bits) {
    for (int i = 0; i < Integer.BYTES; i++) {
      termios[offset + i] &= (byte) ~(bits >>> 8 * i);
    }
  }

  /** Puts settings back after the output that is under way. */
  public static void restore(int fd, byte[] settings) {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory termios = scratch.struct;
      termios.put(0, settings, 0, SIZE);
      HostCall.call(Sys.IOCTL, fd, TCSETSW, termios.address());
    }
  }

  /**
   * The size of the terminal.
   *
   * @return rows, columns, and width and height in pixels; empty when the descriptor is no terminal
   */
  public static int[] size(int fd) {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory size = scratch.struct;
      if (HostCall.call(Sys.IOCTL, fd, TIOCGWINSZ, size.address()) != 0) {
        return new int[0];
      }
      int[] fields = new int[4];
      for (int i = 0; i < fields.length; i++) {
        fields[i] = size.getShort(Short.BYTES * i) & 0xffff;
      }
      return fields;
    }
  }
}
