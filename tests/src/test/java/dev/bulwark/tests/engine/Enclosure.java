package dev.bulwark.tests.engine;

import dev.bulwark.tests.Execution;
import dev.bulwark.tests.Result;
import dev.bulwark.tests.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Namespaces for processes, mounts, the network and System V objects, with a first process that
 * holds them. It reads a pipe from this JVM and ends with it, and everything inside ends with it,
 * so that nothing outlives the tests even when they are killed. The directories where engines keep
 * what has no option of its own are empty ones of the enclosure.
 */
final class Enclosure implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /**
   * The first process reaps orphans while it waits for {@code cat}, which reads the pipe. Of {@code
   * /tmp} only the directories that are named are the host's.
   */
  private static final String INIT =
      """
      set -e
      ip link set lo up
      mount -t tmpfs -o mode=755 enclosure /run
      n=0
      for d in "$@"; do
        n=$((n + 1)); mkdir -p /run/keep/$n; mount --bind "$d" /run/keep/$n
      done
      for d in /var/lib /dev/shm /tmp; do mount -t tmpfs -o mode=1777 enclosure $d; done
      n=0
      for d in "$@"; do
        n=$((n + 1)); mkdir -p "$d"; mount --move /run/keep/$n "$d"
      done
      rm -r /run/keep
      mkdir /run/lock
      echo ready
      exec 3<&0
      cat <&3 &
      wait $!
      """;

  private final Execution holder;
  private final long init;
  private final Path directory;

  private Enclosure(Execution holder, long init, Path directory) {
    this.holder = holder;
    this.init = init;
    this.directory = directory;
  }

  /** Makes one, with a new directory for what is kept in files. */
  static Enclosure make() {
    try {
      Path directory = Files.createTempDirectory("bulwark-engine");
      Execution holder =
          Execution.startOpen(
              List.of(
                  "unshare",
                  "--net",
                  "--ipc",
                  "--mount",
                  "--pid",
                  "--fork",
                  "--mount-proc",
                  "--kill-child",
                  "sh",
                  "-c",
                  INIT,
                  "sh",
                  directory.toString(),
                  Sandbox.HOME.toString()),
              Map.of());
      holder.awaitOutput("ready\n", LIMIT);
      long init = holder.process().children().findFirst().orElseThrow().pid();
      return new Enclosure(holder, init, directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where engines keep their files; the same path inside and outside. */
  Path directory() {
    return directory;
  }

  /** What a path of the enclosure is outside, where its mounts cannot be seen otherwise. */
  Path outside(String path) {
    return Path.of("/proc/" + init + "/root" + path);
  }

  /** The pid outside of its first process. */
  long init() {
    return init;
  }

  private List<String> enter(List<String> command) {
    List<String> words =
        new ArrayList<>(
            List.of("nsenter", "-t", "" + init, "--net", "--ipc", "--mount", "--pid", "--"));
    words.addAll(command);
    return words;
  }

  /** Starts a command inside with a byte string for its standard input. */
  Execution start(Map<String, String> environment, String input, List<String> command) {
    return Execution.start(enter(command), environment, input);
  }

  /** Starts a command inside whose standard input stays open. */
  Execution startOpen(Map<String, String> environment, List<String> command) {
    return Execution.startOpen(enter(command), environment);
  }

  /** Starts a command inside on a terminal of its own, of 80 columns and 24 rows. */
  Execution startOnTerminal(Map<String, String> environment, List<String> command) {
    StringBuilder line = new StringBuilder("stty rows 24 cols 80; exec");
    for (String word : command) {
      line.append(" '").append(word.replace("'", "'\\''")).append('\'');
    }
    return startOpen(environment, List.of("script", "-qefc", line.toString(), "/dev/null"));
  }

  /** Runs a command inside to its end. */
  Result run(String... command) {
    return start(Map.of(), "", List.of(command)).await(LIMIT);
  }

  /** The processes inside but the two that hold it, with those of the containers. */
  List<HostProcess> processes() {
    String namespace = new HostProcess(init).pidNamespace();
    Map<Long, HostProcess> all = HostProcess.all();
    return all.values().stream()
        .filter(process -> process.pid() != init)
        .filter(process -> process.parent() != init || !process.commandLine().equals("cat"))
        .filter(
            process ->
                Stream.iterate(process, Objects::nonNull, p -> all.get(p.parent()))
                    .anyMatch(p -> p.pidNamespace().equals(namespace)))
        .toList();
  }

  /** Its mounts, a line each, as in proc(5). */
  List<String> mounts() {
    try {
      return Files.readAllLines(Path.of("/proc/" + init + "/mountinfo"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends every process inside, waits for that, and removes the directory. */
  @Override
  public void close() {
    List<HostProcess> inside = processes();
    try {
      holder.process().getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    holder.await(LIMIT);
    Poll.until(() -> inside.stream().filter(HostProcess::exists).toList(), List::isEmpty);
    Execution.start(List.of("rm", "-rf", directory.toString()), Map.of(), "")
        .await(LIMIT)
        .expect(0);
  }
}
