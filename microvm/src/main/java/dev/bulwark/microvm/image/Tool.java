package dev.bulwark.microvm.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Runs programs of the host to their end. */
final class Tool {
  private static final int SHOWN = 400;

  private Tool() {}

  /**
   * Runs a program with nothing to read.
   *
   * @param directory where it works
   * @return what it printed
   * @throws ImageException when it is missing or fails
   */
  static byte[] run(Path directory, String... command) throws ImageException {
    return filter(directory, new byte[0], command);
  }

  /** What a program prints, as text. */
  static String text(Path directory, String... command) throws ImageException {
    return new String(run(directory, command), StandardCharsets.UTF_8);
  }

  /** What a program makes of its standard input. */
  static byte[] filter(Path directory, byte[] input, String... command) throws ImageException {
    ProcessBuilder builder = new ProcessBuilder(List.of(command)).directory(directory.toFile());
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process;
    try {
      process = builder.start();
    } catch (IOException missing) {
      throw new ImageException(
          "the command '"
              + command[0]
              + "' cannot be started ("
              + missing.getMessage()
              + "): install the package that has it; guest images are made on Debian");
    }
    byte[][] errors = {new byte[0]};
    Thread reader = Thread.ofPlatform().start(() -> errors[0] = all(process.getErrorStream()));
    Thread writer = Thread.ofPlatform().start(() -> copy(new ByteArrayInputStream(input), process));
    byte[] output = all(process.getInputStream());
    try {
      reader.join();
      writer.join();
      int code = process.waitFor();
      if (code != 0) {
        throw new ImageException(
            "'" + String.join(" ", command) + "' failed with code " + code + said(errors[0]));
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      throw new ImageException("'" + command[0] + "' was interrupted");
    }
    return output;
  }

  private static String said(byte[] errors) {
    String text = new String(errors, StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? "" : ": " + text.substring(Math.max(0, text.length() - SHOWN));
  }

  private static byte[] all(InputStream stream) {
    try (stream) {
      return stream.readAllBytes();
    } catch (IOException closed) {
      return new byte[0];
    }
  }

  private static void copy(InputStream input, Process process) {
    try (OutputStream out = process.getOutputStream()) {
      input.transferTo(out);
    } catch (IOException enough) {
      // A program need not read to the end; its exit code tells whether it was content.
    }
  }
}
