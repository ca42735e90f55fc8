package dev.bulwark.sentry.mm;

import dev.bulwark.platform.Context;
import dev.bulwark.sentry.ErrnoException;
import java.util.ArrayList;
import java.util.List;

/**
 * What becomes of private pages of a file that ends before them (truncate(2)): they go, written or
 * not, and a touch is SIGBUS until the file reaches there again. Guarded by the lock of the memory
 * map.
 */
final class Truncation {
  private final Areas areas;

  Truncation(Areas areas) {
    this.areas = areas;
  }

  /**
   * Drops the private pages behind the end of a file.
   *
   * @param device the file's device number, as the maps show it
   * @param inode its inode number
   * @param size its length now
   * @throws ErrnoException ENOMEM when areas cannot be split any further
   */
  void drop(Context via, long device, long inode, long size) throws ErrnoException {
    for (Vma part : behind(device, inode, Pages.up(size))) {
      areas.requireAreas();
      Vma blank = part.withMemory(Vma.NO_MEMORY);
      areas.apply(via, part.start(), part.end(), List.of(blank), () -> areas.install(via, blank));
      areas.release(List.of(part));
    }
  }

  private List<Vma> behind(long device, long inode, long end) {
    List<Vma> parts = new ArrayList<>();
    VmaTree tree = areas.tree();
    for (int i = 0; i < tree.size(); i++) {
      Vma area = tree.get(i);
      MappedFile file = area.file();
      if (file == null || area.shared() || !area.inMemory()) {
        continue;
      }
      long[] identity = file.source().mapsIdentity();
      long kept = Math.max(0, end - area.fileOffset());
      if (identity[0] == device && identity[1] == inode && kept < area.length()) {
        parts.add(area.within(area.start() + kept, area.end()));
      }
    }
    return parts;
  }
}
