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
    if (part.inMemory()) {
      mark(memory.fd(), part.memory(), part.length(), present, index);
      return;
    }
    MappedFile file = part.file();
    if (file != null && file.source().inMemory()) {
      mark(file.fd(), part.fileOffset(), part.length(), present, index);
      return;
    }
    int pages = (int) (part.length() / Pages.SIZE);
    Arrays.fill(present, index, index + pages, (byte) (part.lazy() ? 0 : 1));
  }

  /** The same for a range of a host file that is all memory: what is no hole is present. */
  private static void mark(int fd, long from, long length, byte[] present, int index) {
    long end = from + length;
    long at = HostFile.seekData(fd, from);
    while (at >= 0 && at < end) {
      long hole = HostFile.seekHole(fd, at);
      hole = hole < 0 ? end : Math.min(end, hole);
      int first = index + (int) ((at - from) / Pages.SIZE);
      int last = index + (int) (Pages.up(hole - from) / Pages.SIZE);
      Arrays.fill(present, first, last, (byte) 1);
      at = hole < end ? HostFile.seekData(fd, hole) : end;
    }
  }
}
