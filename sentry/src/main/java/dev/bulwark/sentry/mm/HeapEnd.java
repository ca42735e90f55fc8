package dev.bulwark.sentry.mm;

import dev.bulwark.linux.Errno;
import dev.bulwark.platform.Context;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Limits;
import java.util.List;

/** brk(2). Guarded by the lock of the memory map. */
final class HeapEnd {
  private final Areas areas;
  private long start;
  private volatile long end;

  HeapEnd(Areas areas) {
    this.areas = areas;
  }

  /** Where the heap starts, as the loader decided; it is empty then. */
  void begin(long address) {
    start = address;
    end = address;
  }

  void copyFrom(HeapEnd parent) {
    start = parent.start;
    end = parent.end;
  }

  long start() {
    return start;
  }

  long end() {
    return end;
  }

  /** Moves the end; gives where it is afterwards, which is where it was when that cannot be. */
  long move(Context via, long wanted, int extraFlags) {
    if (wanted < start || start == 0 || wanted > areas.limit()) {
      return end;
    }
    long from = Pages.up(end);
    long to = Pages.up(wanted);
    try {
      if (to < from) {
        areas.unmap(via, to, from);
      } else if (to > from) {
        if (areas.limits().exceeded(Limits.DATA, wanted - start)) {
          return end;
        }
        grow(via, from, to, extraFlags);
      }
      end = wanted;
    } catch (ErrnoException _) {
      return end;
    }
    return wanted;
  }

  private void grow(Context via, long from, long to, int extraFlags) throws ErrnoException {
    areas.requireRoom(to - from, to - from);
    if (to > areas.limit()
        || !areas.tree().isFreeGuarded(from, to + Pages.SIZE)
        || !areas.account().admits(to - from)
        || ((extraFlags & Vma.LOCKED) != 0 && !areas.mayLock(to - from, false))) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    Vma below = areas.tree().find(from - 1);
    long prefer = below != null && below.file() == null ? below.memory() + below.length() : from;
    Vma area =
        new Vma(
            from,
            to,
            Protection.READ | Protection.WRITE,
            Vma.MAY_WRITE | extraFlags,
            null,
            0,
            areas.allocate(prefer, to - from),
            null);
    try {
      areas.apply(via, from, to, List.of(area), () -> areas.install(via, area));
    } catch (ErrnoException e) {
      areas.release(List.of(area));
      throw e;
    }
  }
}
