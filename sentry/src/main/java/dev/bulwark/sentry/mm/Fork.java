package dev.bulwark.sentry.mm;

import dev.bulwark.linux.Errno;
import dev.bulwark.platform.Context;
import dev.bulwark.platform.MemoryFile;
import dev.bulwark.sentry.ErrnoException;
import java.util.ArrayList;
import java.util.List;

/**
 * What fork(2) does with memory: the child gets the same areas at the same addresses, with copies
 * of the pages of private ones that were ever touched. Copying at once is cheaper than
 * copy-on-write while a process is small, and a large one seldom forks. Guarded by the locks of
 * both memory maps.
 */
final class Fork {
  private final Areas parent;
  private final Areas child;

  Fork(Areas parent, Areas child) {
    this.parent = parent;
    this.child = child;
  }

  /**
   * Fills the child.
   *
   * @param via the stopped context of the child
   * @throws ErrnoException ENOMEM, or what a file answers
   */
  void run(Context via) throws ErrnoException {
    if (parent.account().exceeded() || !parent.account().admitsAreas(parent.tree().size())) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    List<Vma> inherited = new ArrayList<>();
    RangeSet copied = new RangeSet();
    for (Vma area : parent.tree().all()) {
      if (area.has(Vma.DONT_FORK)) {
        continue;
      }
      inherited.add(area.withFlags(area.flags() & ~Vma.LOCKED));
      if (area.inMemory()) {
        child.ranges().claim(area.memory(), area.length());
        if (!area.has(Vma.WIPE_ON_FORK)) {
          copied.add(area.memory(), area.memory() + area.length());
        }
      }
    }
    RangeSet.Range range;
    while ((range = copied.poll()) != null) {
      copy(range.start(), range.end());
    }
    long end = parent.limit();
    child.apply(
        via,
        parent.lowest(),
        end,
        inherited,
        () -> {
          for (Vma area : inherited) {
            child.install(via, area);
          }
        });
  }

  private void copy(long start, long end) throws ErrnoException {
    MemoryFile from = parent.memory();
    long at = from.nextData(start);
    while (at < end) {
      long n = Math.min(Math.min(end, from.nextHole(at)) - at, from.span(at));
      // Writing to the file spares the faults that storing through a mapping would cost.
      HostFile.write(child.memory().fd(), at, from.at(at, n));
      at = from.nextData(at + n);
    }
  }
}
