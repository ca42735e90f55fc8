package dev.bulwark.tests.engine;

import dev.bulwark.tests.Execution;
import dev.bulwark.tests.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Dockerd with its containerd inside an enclosure, its data in the enclosure's directory, and its
 * client. The runtime under test is its default one.
 */
final class Docker implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final Enclosure enclosure;
  private final Cgroups cgroups;
  private final Daemon daemon;
  private final Map<String, String> environment;
  private final String client = RuntimeBinary.find("docker").toString();

  private Docker(Enclosure enclosure, Cgroups cgroups, Daemon daemon, String socket) {
    this.enclosure = enclosure;
    this.cgroups = cgroups;
    this.daemon = daemon;
    environment =
        Map.of(
            "DOCKER",
            client,
            "DOCKER_HOST",
            "unix://" + socket,
            "DOCKER_BUILDKIT",
            "0",
            "DOCKER_CONFIG",
            enclosure.directory().toString());
  }

  /** Starts the daemon and makes the images. */
  static Docker start() {
    Enclosure enclosure = Enclosure.make();
    Cgroups cgroups = Cgroups.named("bulwark-engine-" + enclosure.init());
    Path directory = enclosure.directory();
    String socket = directory + "/docker.sock";
    try {
      Files.writeString(directory.resolve("daemon.json"), configuration(directory, cgroups));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Daemon daemon =
        Daemon.start(
            enclosure,
            directory + "/dockerd.log",
            List.of("dockerd", "--config-file", directory + "/daemon.json"));
    Docker docker = new Docker(enclosure, cgroups, daemon, socket);
    try {
      Poll.until(docker::answers, answers -> answers);
      Images.makeBusybox(docker);
    } catch (Throwable e) {
      e.addSuppressed(new IllegalStateException("the daemon said:\n" + docker.log()));
      docker.close();
      throw e;
    }
    return docker;
  }

  /** Whether the daemon serves: a client that came too early may wait for ever. */
  private boolean answers() {
    return enclosure
            .start(environment, "", List.of("timeout", "5", client, "version"))
            .await(LIMIT)
            .exitCode()
        == 0;
  }

  private static String configuration(Path directory, Cgroups cgroups) {
    String runtimes =
        RuntimeBinary.isBulwark()
            ? "{\"bulwark\": {\"path\": \"%1$s\"}, \"bulwark-vm\": {\"path\": \"%1$s-vm\"}}"
                .formatted(RuntimeBinary.path())
            : "{}";
    return """
    {
      "data-root": "%1$s/data",
      "exec-root": "%1$s/exec",
      "pidfile": "%1$s/docker.pid",
      "hosts": ["unix://%1$s/docker.sock"],
      "cgroup-parent": "/%2$s",
      "runtimes": %3$s,
      "default-runtime": "%4$s",
      "dns": ["127.0.0.1"],
      "log-level": "warn"
    }
    """
        .formatted(directory, cgroups.name(), runtimes, RuntimeBinary.NAME);
  }

  /** What it runs in. */
  Enclosure enclosure() {
    return enclosure;
  }

  /** Where the containers' cgroups are. */
  Cgroups cgroups() {
    return cgroups;
  }

  /** The daemon itself. */
  HostProcess process() {
    return daemon.process();
  }

  /** What the daemon has logged. */
  String log() {
    try {
      return Files.readString(enclosure.directory().resolve("dockerd.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private List<String> words(String... arguments) {
    return Stream.concat(Stream.of(client), Stream.of(arguments)).toList();
  }

  /** Starts {@code docker} with these arguments, with nothing on standard input. */
  Execution start(String... arguments) {
    return enclosure.start(environment, "", words(arguments));
  }

  /** Starts {@code docker} with standard input left open. */
  Execution startOpen(String... arguments) {
    return enclosure.startOpen(environment, words(arguments));
  }

  /** Starts {@code docker} on a terminal of its own. */
  Execution startOnTerminal(String... arguments) {
    return enclosure.startOnTerminal(environment, words(arguments));
  }

  /** Runs {@code docker} with these arguments to its end. */
  Result run(String... arguments) {
    return start(arguments).await(LIMIT);
  }

  /** Runs {@code docker} with a byte string on standard input to its end. */
  Result runWithInput(String input, String... arguments) {
    return enclosure.start(environment, input, words(arguments)).await(LIMIT);
  }

  /**
   * Runs {@code docker}, which must succeed, and gives what it printed, without the last newline.
   */
  String output(String... arguments) {
    return run(arguments).expect(0).out().stripTrailing();
  }

  /** Runs a line of shell inside with its client as {@code $DOCKER}; it must succeed. */
  void shell(String line) {
    enclosure.start(environment, "", List.of("sh", "-c", line)).await(LIMIT).expect(0);
  }

  /** Removes all containers, volumes and networks that tests have made. */
  void removeAll() {
    List<String> containers = output("ps", "-aq").lines().toList();
    if (!containers.isEmpty()) {
      List<String> command = new ArrayList<>(List.of("rm", "-fv"));
      command.addAll(containers);
      run(command.toArray(String[]::new)).expect(0);
    }
  }

  @Override
  public void close() {
    daemon.stop();
    enclosure.close();
    cgroups.remove();
  }
}
