package dev.bulwark.tests.engine;

import dev.bulwark.tests.Execution;
import dev.bulwark.tests.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A container of the shared Docker.
 *
 * @param id its full id
 */
record Container(String id) {

  /** Starts one in the background: options, image, command. */
  static Container start(String... arguments) {
    return new Container(docker().output(with("run", "-d", arguments)));
  }

  /** Starts one that does nothing until it is told to end. */
  static Container idle(String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("--stop-signal", "KILL", Images.BUSYBOX, "sleep", "100000"));
    return start(all.toArray(String[]::new));
  }

  /** Makes one without starting it: options, image, command. */
  static Container create(String... arguments) {
    return new Container(docker().output(with("create", arguments)));
  }

  private static Docker docker() {
    return SharedDocker.get();
  }

  private static String[] with(String first, String... rest) {
    return Stream.concat(Stream.of(first), Stream.of(rest)).toArray(String[]::new);
  }

  private static String[] with(String first, String second, String... rest) {
    return with(first, with(second, rest));
  }

  /** Runs a command in it. */
  Result exec(String... command) {
    return docker().run(with("exec", id, command));
  }

  /**
   * Runs a script of its shell, which must succeed, and gives what it printed without the last
   * newline.
   */
  String shell(String script) {
    return exec("sh", "-c", script).expect(0).out().stripTrailing();
  }

  /** Waits until a file of its is as the host has made it; that may take a sandbox a second. */
  void awaitFile(String path, String contents) {
    Poll.until(() -> exec("cat", path).out(), contents::equals);
  }

  /** Asks Docker about it, in the words of Go's templates. */
  String inspect(String field) {
    return docker().output("inspect", "-f", "{{" + field + "}}", id);
  }

  /** Whether it is running, created, exited or paused. */
  String status() {
    return inspect(".State.Status");
  }

  /** The pid of its first process in the enclosure, which is 0 when there is none. */
  long pid() {
    return Long.parseLong(inspect(".State.Pid"));
  }

  /** Its address on its only network. */
  String address() {
    return inspect("range .NetworkSettings.Networks}}{{.IPAddress}}{{end");
  }

  /** What it has printed until now. */
  Result logs() {
    return docker().run("logs", id).expect(0);
  }

  /** Waits until it has printed a text on standard output. */
  void awaitOutput(String text) {
    Poll.until(() -> logs().out(), out -> out.contains(text));
  }

  /** Waits for its end and gives its exit code. */
  int await() {
    return Integer.parseInt(docker().output("wait", id));
  }

  /** Sends it a signal. */
  void signal(String name) {
    docker().run("kill", "-s", name, id).expect(0);
  }

  /** Runs a command of Docker on it that must succeed: its name, its options. */
  String does(String command, String... options) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(options));
    all.add(id);
    return docker().output(all.toArray(String[]::new));
  }

  /** Follows what it prints. */
  Execution follow() {
    return docker().start("logs", "-f", id);
  }

  /** Ends and removes it. */
  void remove() {
    docker().run("rm", "-fv", id).expect(0);
  }
}
