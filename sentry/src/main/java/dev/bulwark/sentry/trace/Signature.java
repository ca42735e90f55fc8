package dev.bulwark.sentry.trace;

import dev.bulwark.linux.Sys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known of one system call.
 *
 * @param name as in the manual
 * @param arguments how each is written
 * @param words the words of the table, by which filters classify the call
 * @param result how the result is written
 */
record Signature(String name, List<Argument> arguments, List<String> words, Result result) {

  /** The forms of a result. */
  enum Result {
    NUMBER,
    HEX,
    OCTAL,
    /** A count, and which of the files of the first argument are ready. */
    POLLED,
    /** A count, and what is left of the three sets. */
    SELECTED
  }

  private static final Map<String, Signature> ALL = new HashMap<>();

  static {
    for (String line : CallText.TEXT.lines().toList()) {
      int equals = line.indexOf(" = ");
      String left = equals < 0 ? line : line.substring(0, equals);
      String right = equals < 0 ? "" : line.substring(equals + 3);
      String[] parts = left.split(" ", -1);
      List<String> words = List.copyOf(Arrays.asList(parts).subList(1, parts.length));
      List<Argument> arguments = new ArrayList<>();
      for (String word : words) {
        arguments.add(Arguments.parse(word));
      }
      ALL.put(parts[0], new Signature(parts[0], List.copyOf(arguments), words, result(right)));
    }
  }

  private static Result result(String word) {
    return switch (word) {
      case "" -> Result.NUMBER;
      case "x" -> Result.HEX;
      case "mode" -> Result.OCTAL;
      case "poll" -> Result.POLLED;
      case "select" -> Result.SELECTED;
      default -> throw new IllegalArgumentException("no kind of result is called " + word);
    };
  }

  /** The signature of a number; six hexadecimal arguments for one that Linux does not have. */
  static Signature of(long number) {
    String name = Sys.name(number);
    Signature known = ALL.get(name);
    if (known != null) {
      return known;
    }
    Argument hex = Arguments.parse("x");
    return new Signature(name, List.of(hex, hex, hex, hex, hex, hex), List.of(), Result.NUMBER);
  }

  /** Whether the table describes a call of this name. */
  static boolean knows(String name) {
    return ALL.containsKey(name);
  }

  /** Whether one of the arguments is written by one of these words. */
  boolean takes(String... wanted) {
    for (String word : wanted) {
      if (words.contains(word)) {
        return true;
      }
    }
    return false;
  }
}
