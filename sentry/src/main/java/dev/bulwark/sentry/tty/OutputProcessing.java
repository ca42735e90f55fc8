package dev.bulwark.sentry.tty;

/**
 * What Linux's line discipline makes of output: line ends, tabs, and the column that erasing tabs
 * needs. Guarded by the lock of the pair.
 */
final class OutputProcessing {
  /** The most bytes that one byte of output becomes: a tab. */
  static final int TAB = 8;

  private final ByteRing out;
  private int column;

  /** The column at which the line being edited began. */
  private int lineColumn;

  OutputProcessing(ByteRing out) {
    this.out = out;
  }

  /** The most bytes that one byte can become with these settings. */
  static int expansion(Termios termios) {
    if (!termios.output(Termios.OPOST)) {
      return 1;
    }
    return termios.expandsTabs() ? TAB : 2;
  }

  /** Puts a byte out as the settings say. */
  void put(Termios termios, int c) {
    if (!termios.output(Termios.OPOST)) {
      out.put(c);
      return;
    }
    switch (c) {
      case '\n' -> newline(termios);
      case '\r' -> carriageReturn(termios);
      case '\t' -> tab(termios);
      case '\b' -> {
        column = Math.max(0, column - 1);
        out.put(c);
      }
      default -> {
        if (!isControl(c) && !continues(termios, c)) {
          column++;
        }
        out.put(termios.output(Termios.OLCUC) ? upper(c) : c);
      }
    }
  }

  private void newline(Termios termios) {
    if (termios.output(Termios.ONLRET)) {
      column = 0;
    }
    if (termios.output(Termios.ONLCR)) {
      column = 0;
      out.put('\r');
    }
    lineColumn = column;
    out.put('\n');
  }

  private void carriageReturn(Termios termios) {
    if (termios.output(Termios.ONOCR) && column == 0) {
      return;
    }
    if (termios.output(Termios.OCRNL)) {
      if (termios.output(Termios.ONLRET)) {
        column = 0;
        lineColumn = 0;
      }
      out.put('\n');
      return;
    }
    column = 0;
    lineColumn = 0;
    out.put('\r');
  }

  private void tab(Termios termios) {
    int spaces = TAB - column % TAB;
    column += spaces;
    if (termios.expandsTabs()) {
      for (int i = 0; i < spaces; i++) {
        out.put(' ');
      }
    } else {
      out.put('\t');
    }
  }

  /** A line begins to be edited here. */
  void beginLine() {
    lineColumn = column;
  }

  /**
   * Moves back over an echoed tab.
   *
   * @param before how many columns stand between the tab and the one before it, or the beginning of
   *     the line
   * @param afterTab whether there is a tab before it
   */
  void eraseTab(int before, boolean afterTab) {
    int width = TAB - (afterTab ? before : before + lineColumn) % TAB;
    for (int i = 0; i < width; i++) {
      out.put('\b');
      column = Math.max(0, column - 1);
    }
  }

  /** Moves the column without output. */
  void moveBack() {
    column = Math.max(0, column - 1);
  }

  static boolean isControl(int c) {
    return c < 32 || c == 127;
  }

  /** Whether a byte only continues a character of UTF-8. */
  static boolean continues(Termios termios, int c) {
    return termios.input(Termios.IUTF8) && (c & 0xc0) == 0x80;
  }

  private static int upper(int c) {
    return c >= 'a' && c <= 'z' ? c - 32 : c;
  }

  void reset() {
    column = 0;
    lineColumn = 0;
  }
}
