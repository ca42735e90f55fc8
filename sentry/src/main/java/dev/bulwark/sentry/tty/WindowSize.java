package dev.bulwark.sentry.tty;

/** The size of a terminal ({@code struct winsize}): in characters, and in pixels where known. */
public record WindowSize(int rows, int columns, int width, int height) {
  /** A terminal that has not been told its size. */
  public static final WindowSize UNKNOWN = new WindowSize(0, 0, 0, 0);

  /** The C structure, as the little-endian word that its four 16-bit fields make. */
  long encode() {
    return (rows & 0xffffL)
        | (columns & 0xffffL) << 16
        | (width & 0xffffL) << 32
        | (height & 0xffffL) << 48;
  }

  static WindowSize decode(long word) {
    return new WindowSize(
        (int) (word & 0xffff),
        (int) (word >>> 16 & 0xffff),
        (int) (word >>> 32 & 0xffff),
        (int) (word >>> 48));
  }
}
