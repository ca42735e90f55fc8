package dev.bulwark.runtime.engine;

import dev.bulwark.runtime.json.ConfigException;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines of ours in a file of TOML, between two comments that name the runtime. So they are found
 * again without understanding the rest, which stays as it is to the byte.
 */
final class TomlBlock {
  private TomlBlock() {}

  /** The text without our lines. */
  static String without(String text, String name) {
    StringBuilder kept = new StringBuilder();
    boolean ours = false;
    for (String line : lines(text)) {
      String bare = line.strip();
      if (bare.equals(begin(name))) {
        ours = true;
      }
      if (!ours) {
        kept.append(line);
      }
      if (bare.equals(end(name))) {
        ours = false;
      }
    }
    // A block whose end was lost would take the rest of the file along.
    return ours ? text : kept.toString();
  }

  /** Our lines at the end of a text. */
  static String append(String text, String name, String block) {
    String separator = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
    return text + separator + begin(name) + "\n" + block + end(name) + "\n";
  }

  /** Our lines right after the line of a table's head. */
  static String insertAfter(String text, String head, String name, String block) {
    StringBuilder result = new StringBuilder();
    boolean done = false;
    for (String line : lines(text)) {
      result.append(line);
      if (!done && head(line).equals(head)) {
        result.append(line.endsWith("\n") ? "" : "\n");
        result.append(begin(name)).append('\n').append(block).append(end(name)).append('\n');
        done = true;
      }
    }
    return result.toString();
  }

  /** Whether a table has a head of its own. */
  static boolean hasTable(String text, String head) {
    for (String line : lines(text)) {
      if (head(line).equals(head)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a table has a key of its own. */
  static boolean hasKey(String text, String head, String key) {
    String table = "";
    for (String line : lines(text)) {
      String found = head(line);
      table = found.isEmpty() ? table : found;
      int equals = line.indexOf('=');
      if (table.equals(head) && found.isEmpty() && equals > 0) {
        String name = line.substring(0, equals).strip();
        if (name.equals(key) || name.equals('"' + key + '"') || name.equals("'" + key + "'")) {
          return true;
        }
      }
    }
    return false;
  }

  /** The value of a key before the first table; empty when there is none. */
  static String topValue(String text, String key) {
    for (String line : lines(text)) {
      if (!head(line).isEmpty()) {
        return "";
      }
      int equals = line.indexOf('=');
      if (equals > 0 && line.substring(0, equals).strip().equals(key)) {
        String value = line.substring(equals + 1);
        int comment = value.indexOf('#');
        return (comment < 0 ? value : value.substring(0, comment)).strip();
      }
    }
    return "";
  }

  static ConfigException taken(String title, String name) {
    return new ConfigException(
        title
            + ": has a runtime "
            + name
            + " already that Bulwark did not write; choose a name with --runtime, or remove it");
  }

  /** The name of the table that a line begins, in one spelling; empty when it begins none. */
  private static String head(String line) {
    String bare = line.strip();
    int close = bare.lastIndexOf(']');
    if (!bare.startsWith("[") || bare.startsWith("[[") || close < 0) {
      return "";
    }
    return bare.substring(1, close).replace(" ", "").replace('\'', '"');
  }

  private static String begin(String name) {
    return "# Bulwark: begin of runtime " + name;
  }

  private static String end(String name) {
    return "# Bulwark: end of runtime " + name;
  }

  /** The lines of a text, each with its end. */
  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int feed = text.indexOf('\n', at);
      int next = feed < 0 ? text.length() : feed + 1;
      lines.add(text.substring(at, next));
      at = next;
    }
    return lines;
  }
}
