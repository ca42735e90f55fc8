package dev.bulwark.microvm.monitor;

import dev.bulwark.linux.Errno;
import dev.bulwark.microvm.agent.AgentConnection;
import dev.bulwark.microvm.agent.AgentException;
import dev.bulwark.microvm.agent.AgentProcess;
import dev.bulwark.microvm.agent.Program;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The OCI runtime inside the guest, which does there what a kernel of its own is for: namespaces,
 * control groups, capabilities, seccomp. Thread-safe.
 */
final class Crun {
  static final int FAILED = 125;

  private static final int LONGEST_TEXT = 64 << 10;
  private static final int LONGEST_SENTENCE = 600;
  private static final int NOT_FOUND = 127;
  private static final int NOT_EXECUTABLE = 126;
  private static final List<String> ENVIRONMENT = List.of("PATH=/bin");

  private final AgentConnection agent;

  Crun(AgentConnection agent) {
    this.agent = agent;
  }

  /**
   * Runs a command to its end that starts no program of the container.
   *
   * @throws MonitorException with what it says when it fails
   */
  void run(String... words) throws AgentException, MonitorException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("/bin/crun"));
    command.addAll(List.of(words));
    AgentProcess process =
        agent.spawn(new Program(command, ENVIRONMENT, "/", Program.Terminal.NONE, "", 0, 0));
    process.endInput();
    process.readAll(1, LONGEST_TEXT);
    String text = lastLine(process.readAll(2, LONGEST_TEXT));
    if (process.await() != 0) {
      throw new MonitorException(FAILED, "the guest's crun: " + text);
    }
  }

  /**
   * Starts a command whose standard files are a program's of the container.
   *
   * @param log takes what it has to say itself
   * @param console path of a socket that takes the program's terminal; empty for a program with
   *     pipes
   */
  AgentProcess start(String log, String console, List<String> words) throws AgentException {
    List<String> command = new ArrayList<>(List.of("/bin/crun", "--log=file:" + log));
    command.add(words.getFirst());
    if (!console.isEmpty()) {
      command.add("--console-socket=" + console);
    }
    command.addAll(words.subList(1, words.size()));
    Program.Terminal terminal =
        console.isEmpty() ? Program.Terminal.NONE : Program.Terminal.CONSOLE;
    return agent.spawn(new Program(command, ENVIRONMENT, "/", terminal, console, 0, 0));
  }

  /**
   * Why a command failed.
   *
   * @param log that {@link #start} was given
   * @param program that was to run
   */
  MonitorException failure(String log, String program) throws AgentException {
    String text = log(log);
    if (text.contains("not found in $PATH")
        || text.contains("executable file") && text.contains("No such file")) {
      return new MonitorException(
          NOT_FOUND, "exec: \"" + program + "\": executable file not found in $PATH");
    }
    return new MonitorException(
        text.contains("Permission denied") ? NOT_EXECUTABLE : FAILED, "the guest's crun: " + text);
  }

  /** Its last words; empty when it had nothing to say. */
  String log(String path) throws AgentException {
    try {
      return lastLine(agent.readFile(path, LONGEST_TEXT));
    } catch (AgentException failure) {
      if (failure.errno() == Errno.ENOENT) {
        return "";
      }
      throw failure;
    }
  }

  private static String lastLine(byte[] text) {
    String all = new String(text, StandardCharsets.ISO_8859_1).strip();
    String last = all.substring(all.lastIndexOf('\n') + 1).replaceAll("[^ -~]", "?");
    return last.substring(0, Math.min(last.length(), LONGEST_SENTENCE));
  }
}
