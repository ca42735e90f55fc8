package dev.bulwark.tests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a host command with given input, and collects its output. */
final class Execution {
  private final Process process;
  private final CompletableFuture<String> out;
  private final CompletableFuture<String> err;

  private Execution(Process process) {
    this.process = process;
    out = collect(process.getInputStream());
    err = collect(process.getErrorStream());
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

  private static CompletableFuture<String> collect(InputStream from) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                text.complete(new String(from.readAllBytes(), StandardCharsets.ISO_8859_1));
              } catch (IOException e) {
                text.completeExceptionally(e);
              }
            });
    return text;
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
            "no end after " + limit + "\n" + new Result(-1, out.join(), err.join()));
      }
      return new Result(process.exitValue(), out.join(), err.join());
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IllegalStateException(e);
    }
  }
}
