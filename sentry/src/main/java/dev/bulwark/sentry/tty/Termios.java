package dev.bulwark.sentry.tty;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The settings of a terminal (termios(3)), in the form that the kernel gives them. Immutable. */
public final class Termios {
  // Input flags.
  static final int PARMRK = 0000010;
  static final int ISTRIP = 0000040;
  static final int INLCR = 0000100;
  static final int IGNCR = 0000200;
  static final int ICRNL = 0000400;
  static final int IUCLC = 0001000;
  static final int IXON = 0002000;
  static final int IXANY = 0004000;
  static final int IMAXBEL = 0020000;
  static final int IUTF8 = 0040000;

  // Output flags.
  static final int OPOST = 0000001;
  static final int OLCUC = 0000002;
  static final int ONLCR = 0000004;
  static final int OCRNL = 0000010;
  static final int ONOCR = 0000020;
  static final int ONLRET = 0000040;
  static final int TABDLY = 0014000;
  static final int XTABS = 0014000;

  // Control flags.
  static final int B38400 = 0000017;
  static final int CSIZE = 0000060;
  static final int CS8 = 0000060;
  static final int CREAD = 0000200;
  static final int PARENB = 0000400;

  // Local flags.
  static final int ISIG = 0000001;
  static final int ICANON = 0000002;
  static final int ECHO = 0000010;
  static final int ECHOE = 0000020;
  static final int ECHOK = 0000040;
  static final int ECHONL = 0000100;
  static final int NOFLSH = 0000200;
  static final int TOSTOP = 0000400;
  static final int ECHOCTL = 0001000;
  static final int ECHOPRT = 0002000;
  static final int ECHOKE = 0004000;
  static final int IEXTEN = 0100000;
  static final int EXTPROC = 0200000;

  // Indices of control characters.
  static final int VINTR = 0;
  static final int VQUIT = 1;
  static final int VERASE = 2;
  static final int VKILL = 3;
  static final int VEOF = 4;
  static final int VTIME = 5;
  static final int VMIN = 6;
  static final int VSTART = 8;
  static final int VSTOP = 9;
  static final int VSUSP = 10;
  static final int VEOL = 11;
  static final int VREPRINT = 12;
  static final int VWERASE = 14;
  static final int VLNEXT = 15;
  static final int VEOL2 = 16;

  /** How many control characters there are. */
  private static final int CHARACTERS = 19;

  /** Size of {@code struct termios}. */
  static final int SIZE = 36;

  /** Size of {@code struct termios2}, which has speeds. */
  static final int SIZE2 = 44;

  private static final int CHARACTERS_AT = 17;
  private static final int SPEED = 38400;

  /** What a pseudoterminal starts with (tty_std_termios of Linux). */
  static final Termios INITIAL =
      new Termios(
          ICRNL | IXON,
          OPOST | ONLCR,
          B38400 | CS8 | CREAD,
          ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
          new byte[] {3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0, 0, 0},
          SPEED,
          SPEED);

  private final int input;
  private final int output;
  private final int control;
  private final int local;
  private final byte[] characters;
  private final int inputSpeed;
  private final int outputSpeed;

  private Termios(
      int input,
      int output,
      int control,
      int local,
      byte[] characters,
      int inputSpeed,
      int outputSpeed) {
    this.input = input;
    this.output = output;
    this.control = control;
    this.local = local;
    this.characters = characters;
    this.inputSpeed = inputSpeed;
    this.outputSpeed = outputSpeed;
  }

  /** Whether an input flag is set. */
  boolean input(int flag) {
    return (input & flag) != 0;
  }

  /** Whether an output flag is set. */
  boolean output(int flag) {
    return (output & flag) != 0;
  }

  /** Whether output expands tabs. */
  boolean expandsTabs() {
    return (output & TABDLY) == XTABS;
  }

  /** Whether a local flag is set. */
  boolean local(int flag) {
    return (local & flag) != 0;
  }

  /** A control character or number, 0 to 255. */
  int character(int index) {
    return characters[index] & 0xff;
  }

  /** Whether a byte is a control character; a NUL never is, which is how one is switched off. */
  boolean is(int index, int c) {
    return c != 0 && c == character(index);
  }

  /** Whether output is stopped and started by ^S and ^Q, which packet mode reports. */
  boolean usualFlowControl() {
    return input(IXON) && character(VSTOP) == 19 && character(VSTART) == 17;
  }

  /**
   * Reads the C structure.
   *
   * @param bytes {@link #SIZE} or {@link #SIZE2} of them
   */
  Termios replacedBy(byte[] bytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean speeds = bytes.length >= SIZE2;
    // A pseudoterminal has eight bits and no parity, whatever is asked for.
    int newControl = (from.getInt(8) & ~(CSIZE | PARENB)) | CS8 | CREAD;
    return new Termios(
        from.getInt(0),
        from.getInt(4),
        newControl,
        from.getInt(12),
        Arrays.copyOfRange(bytes, CHARACTERS_AT, CHARACTERS_AT + CHARACTERS),
        speeds ? from.getInt(36) : inputSpeed,
        speeds ? from.getInt(40) : outputSpeed);
  }

  /** The bytes of the C structure, with speeds when {@code size} is {@link #SIZE2}. */
  byte[] encode(int size) {
    byte[] bytes = new byte[size];
    ByteBuffer to = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(input).putInt(output).putInt(control).putInt(local);
    System.arraycopy(characters, 0, bytes, CHARACTERS_AT, CHARACTERS);
    if (size >= SIZE2) {
      to.putInt(36, inputSpeed).putInt(40, outputSpeed);
    }
    return bytes;
  }
}
