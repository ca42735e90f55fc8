package dev.bulwark.sentry.trace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One table of named constants: either bits that are joined, or words of which a value is one.
 * Immutable.
 */
final class Words {
  private static final Map<String, Words> TABLES = new HashMap<>();

  static {
    read(FileWords.TEXT);
    read(ProcessWords.TEXT);
  }

  private record Entry(String name, long value) {}

  private final boolean bits;
  private final List<Entry> entries = new ArrayList<>();

  private Words(boolean bits) {
    this.bits = bits;
  }

  private static void read(String text) {
    Words current = new Words(false);
    for (String line : text.lines().toList()) {
      String[] parts = line.strip().split(" ", -1);
      int first = 0;
      if (!line.startsWith(" ")) {
        current = new Words(parts[0].equals("flags"));
        TABLES.put(parts[1], current);
        first = 2;
      }
      for (int i = first; i < parts.length; i++) {
        int equals = parts[i].indexOf('=');
        String value = parts[i].substring(equals + 1);
        current.entries.add(
            new Entry(
                parts[i].substring(0, equals),
                value.startsWith("0x")
                    ? Long.parseUnsignedLong(value.substring(2), 16)
                    : Long.parseLong(value)));
      }
    }
  }

  /** The table of a name, or null. */
  static @Nullable Words find(String name) {
    return TABLES.get(name);
  }

  /** Prints a value; the high half of a constant that fits an int is ignored. */
  void print(Line out, long value) {
    if (bits) {
      printBits(out, value);
    } else {
      String name = name(value);
      if (name != null) {
        out.text(name);
      } else {
        out.hex(value);
      }
    }
  }

  /** The word for a value, or null. */
  @Nullable String name(long value) {
    for (Entry entry : entries) {
      if (entry.value == value) {
        return entry.name;
      }
    }
    return null;
  }

  /** Prints the names of bits joined by a bar, and the bits without a name as one number. */
  void printBits(Line out, long value) {
    long left = value;
    boolean first = true;
    for (Entry entry : entries) {
      if (entry.value != 0 && (left & entry.value) == entry.value) {
        out.text(first ? "" : "|").text(entry.name);
        first = false;
        left &= ~entry.value;
      }
    }
    if (left != 0) {
      out.text(first ? "" : "|").hex(left);
    } else if (first) {
      out.text("0");
    }
  }
}
