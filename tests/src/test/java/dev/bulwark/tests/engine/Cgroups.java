package dev.bulwark.tests.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The cgroups below one parent, in all hierarchies that the host has mounted.
 *
 * @param name the parent's name, right below the roots of the hierarchies
 */
record Cgroups(String name) {
  private static final Path MOUNTS = Path.of("/sys/fs/cgroup");

  /** Those below a parent of a name. */
  static Cgroups named(String name) {
    return new Cgroups(name);
  }

  private List<Path> parents() {
    try (Stream<Path> hierarchies = Files.list(MOUNTS)) {
      return Stream.concat(Stream.of(MOUNTS), hierarchies.filter(Files::isDirectory))
          .map(hierarchy -> hierarchy.resolve(name))
          .filter(Files::isDirectory)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All of them but the parents, deepest first. */
  List<Path> all() {
    return parents().stream().flatMap(Cgroups::below).toList();
  }

  private static Stream<Path> below(Path parent) {
    try (Stream<Path> tree = Files.walk(parent)) {
      return tree
          .filter(path -> Files.isDirectory(path) && !path.equals(parent))
          .sorted(Comparator.comparingInt(Path::getNameCount).reversed())
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The processes in any cgroup of a container, by its full id. */
  List<HostProcess> processes(String container) {
    return all().stream()
        .filter(cgroup -> cgroup.toString().contains(container))
        .flatMap(cgroup -> numbers(cgroup.resolve("cgroup.procs")))
        .distinct()
        .map(HostProcess::new)
        .toList();
  }

  private static Stream<Long> numbers(Path file) {
    try {
      return Files.readAllLines(file).stream().map(Long::valueOf);
    } catch (IOException gone) {
      return Stream.of();
    }
  }

  /** Removes all, parents included; they must be empty. */
  void remove() {
    try {
      for (Path cgroup : all()) {
        Files.delete(cgroup);
      }
      for (Path parent : parents()) {
        Files.delete(parent);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
