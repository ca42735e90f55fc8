package dev.bulwark.tests;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A command to run with {@code ./bulwark do}, or with what the system property {@code
 * bulwark.sandbox} says instead. Each method gives a changed copy.
 */
public final class Sandbox {
  /** The checkout. */
  public static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final List<String> options;
  private final List<String> command;
  private final String input;
  private final Duration limit;
  private final List<String> outer;

  private Sandbox(
      List<String> outer,
      List<String> options,
      List<String> command,
      String input,
      Duration limit) {
    this.outer = outer;
    this.options = options;
    this.command = command;
    this.input = input;
    this.limit = limit;
  }

  /** A sandbox for a command and its arguments. */
  public static Sandbox of(String... command) {
    return new Sandbox(List.of(), List.of(), List.of(command), "", LIMIT);
  }

  /** A sandbox for a script of {@code /bin/sh}. */
  static Sandbox shell(String script) {
    return of("/bin/sh", "-c", script);
  }

  /** Adds options of {@code bulwark do}. */
  public Sandbox with(String... more) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of(more));
    return new Sandbox(outer, List.copyOf(all), command, input, limit);
  }

  /** Lets it use the network of a namespace of its own, which has a loopback interface alone. */
  Sandbox inNetwork() {
    Sandbox open = with("--network", "host");
    return new Sandbox(Network.OWN, open.options, command, input, limit);
  }

  /** Gives it standard input, a byte string. */
  Sandbox input(String bytes) {
    return new Sandbox(outer, options, command, bytes, limit);
  }

  /** Changes how long it may take. */
  public Sandbox limit(Duration most) {
    return new Sandbox(outer, options, command, input, most);
  }

  /** Runs it to its end. */
  public Result run() {
    return start().await(limit);
  }

  /** Starts it. */
  Execution start() {
    String usual = HOME.resolve("bulwark") + " do";
    List<String> words = new ArrayList<>(outer);
    words.addAll(List.of(System.getProperty("bulwark.sandbox", usual).split(" ")));
    words.addAll(options);
    words.add("--");
    words.addAll(command);
    return Execution.start(words, Map.of(), input);
  }
}
