package dev.bulwark.sentry.mm;

import dev.bulwark.platform.MemoryFile;
import java.util.Arrays;

/** Which pages of an area are in memory. */
final class Residence {
  private Residence() {}

  /** Sets the bytes of the pages that are present, from an index on. */
  static void mark(MemoryFile memory, Vma part, byte[] present, int index) {
    int pages = (int) (part.length() / Pages.SIZE);
    if (!part.inMemory()) {
      Arrays.fill(present, index, index + pages, (byte) (part.lazy() ? 0 : 1));
      return;
    }
    long end = part.memory() + part.length();
    long at = memory.nextData(part.memory());
    while (at < end) {
      long hole = Math.min(end, memory.nextHole(at));
      int from = index + (int) ((at - part.memory()) / Pages.SIZE);
      Arrays.fill(present, from, from + (int) (Pages.up(hole - at) / Pages.SIZE), (byte) 1);
      at = memory.nextData(hole);
    }
  }
}
