package dev.bulwark.sentry.fs.proc;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.loader.Image;
import dev.bulwark.sentry.mm.MemoryMap;
import java.nio.charset.StandardCharsets;

/** What stands in a process's own memory: its arguments, its environment, its auxiliary vector. */
final class MemoryText {
  /** The most bytes that are read: all that execve(2) admits. */
  private static final int MAX = 8 << 20;

  private MemoryText() {}

  /** The argument strings, each with its NUL, as they are now; empty for a zombie. */
  static String arguments(Subject about) {
    Image image = about.image();
    if (image == null) {
      return "";
    }
    String text = read(about, image.argumentsStart(), image.argumentsEnd());
    if (text.isEmpty() || text.charAt(text.length() - 1) == 0) {
      return text;
    }
    // A program that rewrites its title overwrites the last NUL, and may go on into the
    // environment.
    String all = read(about, image.argumentsStart(), image.environmentEnd());
    int end = all.indexOf('\0', text.length() - 1);
    return end < 0 ? all : all.substring(0, end);
  }

  /** The environment strings, each with its NUL, as the program found them or changed them. */
  static String environment(Subject about) {
    Image image = about.image();
    return image == null ? "" : read(about, image.argumentsEnd(), image.environmentEnd());
  }

  /** The auxiliary vector as bytes. */
  static String auxiliary(Subject about) {
    Image image = about.image();
    return image == null ? "" : new String(image.auxiliary(), StandardCharsets.ISO_8859_1);
  }

  private static String read(Subject about, long from, long to) {
    MemoryMap memory = about.memory();
    if (memory == null || to <= from || !memory.acquire()) {
      return "";
    }
    try {
      int length = (int) Math.min(to - from, MAX);
      return new String(memory.readBytes(from, length), StandardCharsets.ISO_8859_1);
    } catch (ErrnoException e) { // the program unmapped its own stack
      return "";
    } finally {
      memory.close();
    }
  }
}
