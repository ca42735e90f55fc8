package dev.bulwark.sentry.trace;

/** A piece of text under construction, with the ways in which strace(1) writes values. */
final class Line {
  /** How much of a string is shown. */
  static final int STRING = 32;

  private final StringBuilder text = new StringBuilder(160);

  Line text(String more) {
    text.append(more);
    return this;
  }

  Line number(long value) {
    text.append(value);
    return this;
  }

  /** The low half as a C {@code int}. */
  Line integer(long value) {
    text.append((int) value);
    return this;
  }

  Line unsigned(long value) {
    text.append(Long.toUnsignedString(value));
    return this;
  }

  Line hex(long value) {
    text.append(value == 0 ? "0" : "0x" + Long.toHexString(value));
    return this;
  }

  /** An address; a null pointer is {@code NULL}. */
  Line address(long value) {
    text.append(value == 0 ? "NULL" : "0x" + Long.toHexString(value));
    return this;
  }

  /** Octal with a leading zero. */
  Line octal(long value) {
    text.append(value == 0 ? "000" : "0" + Long.toOctalString(value));
    return this;
  }

  /**
   * Bytes in quotes, escaped as in C.
   *
   * @param cut whether there were more
   */
  Line quoted(byte[] bytes, int length, boolean cut) {
    text.append('"');
    for (int i = 0; i < length; i++) {
      escape(bytes[i] & 0xff, i + 1 < length && bytes[i + 1] >= '0' && bytes[i + 1] <= '9');
    }
    text.append('"').append(cut ? "..." : "");
    return this;
  }

  private void escape(int c, boolean digitFollows) {
    switch (c) {
      case '"', '\\' -> text.append('\\').append((char) c);
      case '\n' -> text.append("\\n");
      case '\t' -> text.append("\\t");
      case '\r' -> text.append("\\r");
      case '\f' -> text.append("\\f");
      case 11 -> text.append("\\v");
      default -> {
        if (c >= ' ' && c < 127) {
          text.append((char) c);
        } else {
          String octal = Integer.toOctalString(c);
          text.append('\\')
              .append(digitFollows ? "0".repeat(3 - octal.length()) : "")
              .append(octal);
        }
      }
    }
  }

  /** Where the text ends now, for {@link #cutTo}. */
  int mark() {
    return text.length();
  }

  /** Takes back what was written since a mark. */
  void cutTo(int mark) {
    text.setLength(mark);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
