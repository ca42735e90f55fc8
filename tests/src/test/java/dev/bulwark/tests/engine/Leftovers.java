package dev.bulwark.tests.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What containers could leave behind in an enclosure: processes, mounts (network namespaces are
 * among them), cgroups, sockets and state directories. Taken when there is no container, it is what
 * must be there again when the last one is gone.
 */
final class Leftovers {
  private static final Duration LIMIT = Duration.ofSeconds(15);

  private final Docker docker;
  private final Set<String> clean;

  private Leftovers(Docker docker, Set<String> clean) {
    this.docker = docker;
    this.clean = clean;
  }

  /** Looks while there is no container. */
  static Leftovers of(Docker docker) {
    return new Leftovers(docker, look(docker));
  }

  /**
   * Waits until nothing more is left than in the beginning; what ends a container ends in its time.
   */
  void assertNone() {
    Poll.until(LIMIT, this::more, List::isEmpty);
  }

  private List<String> more() {
    Set<String> now = look(docker);
    now.removeAll(clean);
    return List.copyOf(now);
  }

  private static Set<String> look(Docker docker) {
    Enclosure enclosure = docker.enclosure();
    Path directory = enclosure.directory();
    Set<String> all = new TreeSet<>();
    enclosure.processes().forEach(process -> all.add("process " + process.commandLine()));
    enclosure.mounts().forEach(mount -> all.add("mount " + mount));
    docker.cgroups().all().forEach(cgroup -> all.add("cgroup " + cgroup));
    for (String kept : List.of("/run", "/tmp", "/dev/shm", "/var/lib")) {
      addFiles(enclosure.outside(kept), all);
    }
    addFiles(directory.resolve("exec"), all);
    addFiles(directory.resolve("data/containers"), all);
    return all;
  }

  /** Adds the files below one, without those of the enclosure's directory, which lies in /tmp. */
  private static void addFiles(Path top, Set<String> all) {
    // Docker collects the files that network namespaces were mounted on later; their mounts count.
    try (Stream<Path> files = Files.find(top, 8, (file, attributes) -> true)) {
      files
          .map(file -> "file " + file)
          .filter(file -> !file.contains("/root/tmp/") && !file.contains("/exec/netns/"))
          .forEach(all::add);
    } catch (IOException | UncheckedIOException e) {
      // a directory went away while it was read: it is looked at again
      all.add("file that vanished: " + e.getMessage());
    }
  }
}
