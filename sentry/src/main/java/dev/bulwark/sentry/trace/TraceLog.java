package dev.bulwark.sentry.trace;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The lines of a trace. A call's line stays open until it returns; when another task writes
 * meanwhile, the line is closed as unfinished and taken up again later. Thread-safe.
 */
final class TraceLog {
  private static final int NOBODY = -1;
  private final OutputStream to;
  private int open = NOBODY;
  private boolean broken;

  TraceLog(OutputStream to) {
    this.to = to;
  }

  /** Begins a task's line and leaves it open. */
  synchronized void begin(int tid, String text) {
    interruptOpen();
    write(prefix(tid) + text);
    open = tid;
  }

  /**
   * Ends the line that a task began.
   *
   * @param resumed what stands before the text when the line was interrupted
   */
  synchronized void end(int tid, String resumed, String text) {
    if (open == tid) {
      open = NOBODY;
      write(text + "\n");
    } else {
      interruptOpen();
      write(prefix(tid) + resumed + text + "\n");
    }
  }

  /** Writes a whole line. */
  synchronized void line(int tid, String text) {
    interruptOpen();
    write(prefix(tid) + text + "\n");
  }

  private void interruptOpen() {
    if (open != NOBODY) {
      open = NOBODY;
      write(" <unfinished ...>\n");
    }
  }

  private static String prefix(int tid) {
    String number = Integer.toString(tid);
    return "[pid " + " ".repeat(Math.max(0, 5 - number.length())) + number + "] ";
  }

  private void write(String text) {
    if (broken) {
      return;
    }
    try {
      to.write(text.getBytes(StandardCharsets.ISO_8859_1));
      to.flush();
    } catch (IOException e) { // whoever looked is gone; the application goes on
      broken = true;
    }
  }
}
