package dev.bulwark.sentry.mm;

import dev.bulwark.linux.Errno;
import dev.bulwark.platform.MemoryFile;
import dev.bulwark.sentry.ErrnoException;
import java.util.Arrays;

/** Which pages of an area are in memory. */
final class Residence {
  private Residence() {}

  /**
   * The answer of mincore(2).
   *
   * @throws ErrnoException ENOMEM when part of the range is not mapped
   */
  static byte[] of(Areas areas, long address, int pages) throws ErrnoException {
    long end = address + pages * Pages.SIZE;
    if (!areas.tree().covers(address, end)) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    byte[] present = new byte[pages];
    for (Vma part : areas.tree().within(address, end)) {
      mark(areas.memory(), part, present, (int) ((part.start() - address) / Pages.SIZE));
    }
    return present;
  }

  /** Sets the bytes of the pages that are present, from an index on. */
  private static void mark(MemoryFile memory, Vma part, byte[] present, int index) {
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
