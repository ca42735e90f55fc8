package dev.bulwark.tests.engine;

import dev.bulwark.tests.Execution;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A daemon of an engine inside an enclosure. */
final class Daemon {
  private static final Duration END = Duration.ofSeconds(60);

  private final Execution execution;
  private final HostProcess process;

  private Daemon(Execution execution, HostProcess process) {
    this.execution = execution;
    this.process = process;
  }

  /** Starts one; its log goes to a file. */
  static Daemon start(Enclosure enclosure, String log, List<String> command) {
    List<String> words =
        new java.util.ArrayList<>(List.of("sh", "-c", "exec \"$@\" >" + log + " 2>&1", "sh"));
    words.addAll(command);
    Execution execution = enclosure.start(Map.of(), "", words);
    ProcessHandle child =
        Poll.until(() -> execution.process().children().toList(), list -> !list.isEmpty()).get(0);
    return new Daemon(execution, new HostProcess(child.pid()));
  }

  /** Its process. */
  HostProcess process() {
    return process;
  }

  /** Asks it to end, and waits for that. */
  void stop() {
    ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroy);
    execution.await(END);
  }
}
