package dev.bulwark.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options that a command knows. Parsing follows getopt_long(3): {@code --name value}, {@code
 * --name=value}, {@code -n value}, {@code -nvalue}; it ends at {@code --} or at the first word that
 * is no option, so that the options of a command to run stay with that command.
 */
final class Options {
  private enum Argument {
    NONE,
    OPTIONAL,
    REQUIRED
  }

  private record Option(
      String name, @Nullable String letter, Argument argument, String value, String description) {}

  private final Map<String, Option> known = new LinkedHashMap<>();

  /** Adds an option without a value. */
  Options flag(String name, @Nullable String letter, String description) {
    return add(new Option(name, letter, Argument.NONE, "", description));
  }

  /** Adds an option with a value, which {@code value} names in the help. */
  Options value(String name, @Nullable String letter, String value, String description) {
    return add(new Option(name, letter, Argument.REQUIRED, value, description));
  }

  /** Adds an option whose value can only follow an equals sign, and may be left out. */
  Options optionalValue(String name, String value, String description) {
    return add(new Option(name, null, Argument.OPTIONAL, value, description));
  }

  private Options add(Option option) {
    known.put("--" + option.name, option);
    if (option.letter != null) {
      known.put("-" + option.letter, option);
    }
    return this;
  }

  /**
   * What was given.
   *
   * @param values the values of each option by its long name, in their order; empty strings for
   *     flags
   * @param operands the words after the options
   */
  record Parsed(Map<String, List<String>> values, List<String> operands) {

    /** Whether an option was given. */
    boolean has(String name) {
      return values.containsKey(name);
    }

    /** The last value of an option. */
    Optional<String> last(String name) {
      return all(name).isEmpty() ? Optional.empty() : Optional.of(all(name).getLast());
    }

    /** All values of an option. */
    List<String> all(String name) {
      return values.getOrDefault(name, List.of());
    }
  }

  /** Parses the words after the command's name. */
  Parsed parse(List<String> words) throws UsageException {
    Map<String, List<String>> values = new LinkedHashMap<>();
    int at = 0;
    while (at < words.size()) {
      String word = words.get(at);
      if (word.equals("--")) {
        at++;
        break;
      }
      if (!word.startsWith("-") || word.equals("-")) {
        break;
      }
      at++;
      boolean isLong = word.startsWith("--");
      int nameEnd = isLong ? word.indexOf('=') : 2;
      String name = nameEnd < 0 ? word : word.substring(0, nameEnd);
      String attached = null;
      if (nameEnd >= 0 && nameEnd < word.length()) {
        attached = word.substring(isLong ? nameEnd + 1 : nameEnd);
      }
      Option option = known.get(name);
      if (option == null) {
        throw new UsageException("there is no option '" + name + "'");
      }
      if (attached != null && option.argument == Argument.NONE) {
        throw new UsageException("the option '" + name + "' takes no value");
      }
      if (attached == null && option.argument == Argument.REQUIRED) {
        if (at == words.size()) {
          throw new UsageException("the option '" + name + "' needs a value: " + option.value);
        }
        attached = words.get(at++);
      }
      values
          .computeIfAbsent(option.name, _ -> new ArrayList<>())
          .add(attached == null ? "" : attached);
    }
    return new Parsed(values, words.subList(at, words.size()));
  }

  /** All forms in which options can be written. */
  List<String> words() {
    return List.copyOf(known.keySet());
  }

  /** The lines of the help that list the options. */
  String help() {
    StringBuilder help = new StringBuilder();
    for (Option option : known.values().stream().distinct().toList()) {
      StringBuilder left = new StringBuilder("  ");
      left.append(option.letter == null ? "    " : "-" + option.letter + ", ");
      left.append("--").append(option.name);
      left.append(
          switch (option.argument) {
            case NONE -> "";
            case OPTIONAL -> "[=" + option.value + "]";
            case REQUIRED -> " " + option.value;
          });
      while (left.length() < 30) {
        left.append(' ');
      }
      help.append(left).append(' ').append(option.description).append('\n');
    }
    return help.toString();
  }
}
