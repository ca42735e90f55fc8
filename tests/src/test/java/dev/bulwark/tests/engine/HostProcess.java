package dev.bulwark.tests.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A process as {@code /proc} of the host shows it. Whatever is asked of one that has gone is empty.
 *
 * @param pid its number in the host's namespace
 */
record HostProcess(long pid) {

  /** All processes of the host. */
  static Map<Long, HostProcess> all() {
    Map<Long, HostProcess> all = new TreeMap<>();
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.chars().allMatch(Character::isDigit))
          .forEach(name -> all.put(Long.parseLong(name), new HostProcess(Long.parseLong(name))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private Path file(String name) {
    return Path.of("/proc/" + pid + "/" + name);
  }

  private String read(String name) {
    try {
      return Files.readString(file(name), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  /** What follows the name of the command in {@code stat}: the state, then numbers. */
  private String[] fields() {
    String stat = read("stat");
    return stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
  }

  /** Whether it is there, be it as a zombie. */
  boolean exists() {
    return Files.exists(file("stat"));
  }

  /** Its parent's number, 0 for none. */
  long parent() {
    String[] fields = fields();
    return fields.length > 1 ? Long.parseLong(fields[1]) : 0;
  }

  /** The letter of its state, as in ps(1). */
  String state() {
    return fields()[0];
  }

  /** The command with its arguments, separated by spaces. */
  String commandLine() {
    return read("cmdline").replace('\0', ' ').strip();
  }

  /** The ticks of processor time that it has used. */
  long ticks() {
    String[] fields = fields();
    return fields.length > 12 ? Long.parseLong(fields[11]) + Long.parseLong(fields[12]) : 0;
  }

  /** The namespace of its number. */
  String pidNamespace() {
    try {
      return Files.readSymbolicLink(file("ns/pid")).toString();
    } catch (IOException gone) {
      return "";
    }
  }

  /** What its descriptors are open for, as the links in {@code fd} say. */
  List<String> descriptors() {
    try (Stream<Path> entries = Files.list(file("fd"))) {
      return entries.map(HostProcess::target).filter(target -> !target.isEmpty()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closed) {
      return "";
    }
  }

  /** Ends it with SIGKILL, if it is there. */
  void kill() {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  @Override
  public String toString() {
    return pid + " " + state() + " " + commandLine();
  }
}
