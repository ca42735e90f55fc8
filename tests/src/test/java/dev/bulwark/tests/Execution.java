package dev.bulwark.tests;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a host command with given input, and collects its output. */
final class Execution {
  private final Process process;
  private final Output out;
  private final Output err;

  private Execution(Process process) {
    this.process = process;
    out = new Output(process.getInputStream());
    err = new Output(process.getErrorStream());
  }

  /** Starts a command. */
  static Execution start(List<String> command, Map<String, String> environment, String input) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(Sandbox.HOME.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      Execution execution = new Execution(process);
      feed(process.getOutputStream(), input);
      return execution;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void feed(OutputStream to, String input) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try (to) {
                to.write(input.getBytes(StandardCharsets.ISO_8859_1));
              } catch (IOException e) {
                return; // the command does not read all of its input
              }
            });
  }

  /** Waits until standard output holds a text. */
  void awaitOutput(String text, Duration limit) {
    out.await(text, limit);
  }

  /** The host process. */
  Process process() {
    return process;
  }

  /** Waits for the end; a command that takes longer is killed and fails the test. */
  Result await(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        throw new AssertionError(
            "no end after " + limit + "\n" + new Result(-1, out.all(), err.all()));
      }
      return new Result(process.exitValue(), out.all(), err.all());
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IllegalStateException(e);
    }
  }
}
