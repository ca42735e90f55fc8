package dev.bulwark.microvm.hypervisor;

import dev.bulwark.linux.HostStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Keeps the end of what a guest prints to its console. Always read, so that the guest never waits,
 * and never more than a buffer, so that it fills nothing.
 */
final class Console {
  private static final int KEPT = 16 << 10;
  private static final int LINES = 8;
  private static final int LONGEST = 1200;
  private static final String PANIC = "Kernel panic - not syncing";

  private final byte[] ring = new byte[KEPT];
  private long written;

  /** Reads a stream to its end. */
  void follow(HostStream stream) {
    byte[] chunk = new byte[4096];
    for (int n = stream.read(chunk); n > 0; n = stream.read(chunk)) {
      add(chunk, n);
    }
  }

  synchronized void add(byte[] bytes, int count) {
    for (int i = 0; i < count; i++) {
      ring[(int) (written++ % KEPT)] = bytes[i];
    }
  }

  /** The last lines, or what a panic says, without anything that could act on a terminal. */
  synchronized String lastLines() {
    int length = (int) Math.min(written, KEPT);
    byte[] end = new byte[length];
    for (int i = 0; i < length; i++) {
      end[i] = ring[(int) ((written - length + i) % KEPT)];
    }
    String text = new String(end, StandardCharsets.ISO_8859_1).replaceAll("[^ -~\n]", "").strip();
    String[] lines = text.split("\n+", -1);
    for (String line : lines) {
      if (line.contains(PANIC)) { // the registers that follow tell people less
        return line.substring(0, Math.min(line.length(), LONGEST));
      }
    }
    String last =
        String.join(
            " | ", Arrays.asList(lines).subList(Math.max(0, lines.length - LINES), lines.length));
    return last.substring(Math.max(0, last.length() - LONGEST));
  }
}
