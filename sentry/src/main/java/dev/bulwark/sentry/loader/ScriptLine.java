package dev.bulwark.sentry.loader;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a script, {@code #!INTERPRETER [ARGUMENT]}, within the first 256 bytes
 * (execve(2), {@code fs/binfmt_script.c}).
 *
 * @param interpreter the path of the program that is to run
 * @param argument the rest of the line as one argument, or null
 */
record ScriptLine(String interpreter, @Nullable String argument) {
  /** How much of a file the kernel looks at to tell what it is (BINPRM_BUF_SIZE). */
  static final int LOOK = 256;

  /** Whether bytes begin like a script. */
  static boolean hasMagic(byte[] start) {
    return start.length >= 2 && start[0] == '#' && start[1] == '!';
  }

  /**
   * Reads the line.
   *
   * @param start the first {@link #LOOK} bytes of the file, zeroes after its end
   * @throws ErrnoException ENOEXEC when no interpreter is named, or its name may be cut off
   */
  static ScriptLine parse(byte[] start) throws ErrnoException {
    String text = new String(start, 0, LOOK, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\n');
    if (end < 0) {
      int name = skipBlanks(text, 2, LOOK);
      if (name == LOOK || terminator(text, name, LOOK) == LOOK) {
        throw ErrnoException.of(Errno.ENOEXEC);
      }
      end = LOOK - 1;
    }
    while (end > 2 && blank(text.charAt(end - 1))) {
      end--;
    }
    int name = skipBlanks(text, 2, end);
    if (name == end) {
      throw ErrnoException.of(Errno.ENOEXEC);
    }
    int nameEnd = terminator(text, name, end);
    String argument = null;
    if (nameEnd < end && text.charAt(nameEnd) != 0) {
      int rest = skipBlanks(text, nameEnd, end);
      if (rest < end) {
        argument = upToNul(text.substring(rest, end));
      }
    }
    return new ScriptLine(text.substring(name, nameEnd), argument);
  }

  private static String upToNul(String text) {
    int nul = text.indexOf('\0');
    return nul < 0 ? text : text.substring(0, nul);
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\t';
  }

  private static int skipBlanks(String text, int from, int end) {
    int at = from;
    while (at < end && blank(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static int terminator(String text, int from, int end) {
    int at = from;
    while (at < end && !blank(text.charAt(at)) && text.charAt(at) != 0) {
      at++;
    }
    return at;
  }
}
