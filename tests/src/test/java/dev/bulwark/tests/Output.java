package dev.bulwark.tests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What a process prints, read by a thread of its own. Its monitor guards it. */
final class Output {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private boolean ended;

  /** Begins to read. */
  Output(InputStream from) {
    Thread.ofPlatform().daemon().start(() -> collect(from));
  }

  private void collect(InputStream from) {
    byte[] part = new byte[8192];
    try {
      for (int n = from.read(part); n >= 0; n = from.read(part)) {
        add(part, n);
      }
    } catch (IOException closed) {
      // the process was killed: what came until now is all
    }
    end();
  }

  private synchronized void add(byte[] part, int length) {
    bytes.write(part, 0, length);
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  private String text() {
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  /** Everything until now. */
  synchronized String now() {
    return text();
  }

  /** Everything, when the process has closed it. */
  synchronized String all() {
    try {
      while (!ended) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return text();
  }

  /** Waits until a text has been printed. */
  synchronized void await(String expected, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      while (!text().contains(expected)) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (ended || left <= 0) {
          throw new AssertionError("'" + expected + "' was not printed but: " + text());
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
