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
public final class Execution {
  private final Process process;
  private final Output out;
  private final Output err;

  private Execution(Process process) {
    this.process = process;
    out = new Output(process.getInputStream());
    err = new Output(process.getErrorStream());
  }

  /** Starts a command whose standard input is a byte string and then ends. */
  public static Execution start(
      List<String> command, Map<String, String> environment, String input) {
    Execution execution = startOpen(command, environment);
    feed(execution.process.getOutputStream(), input);
    return execution;
  }

  /** Starts a command whose standard input stays open for {@link #type}. */
  public static Execution startOpen(List<String> command, Map<String, String> environment) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(Sandbox.HOME.toFile());
      builder.environment().putAll(environment);
      return new Execution(builder.start());
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

  /** Writes a byte string to standard input, which stays open. */
  public void type(String bytes) {
    try {
      process.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until standard output holds a text. */
  public void awaitOutput(String text, Duration limit) {
    out.await(text, limit);
  }

  /** What standard output has brought until now. */
  public String shown() {
    return out.now();
  }

  /** The host process. */
  public Process process() {
    return process;
  }

  /** Waits for the end; a command that takes longer is killed and fails the test. */
  public Result await(Duration limit) {
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
