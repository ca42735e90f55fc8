package dev.bulwark.sentry.mm;

import dev.bulwark.linux.Errno;
import dev.bulwark.platform.Context;
import dev.bulwark.platform.Fault;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.signal.SignalInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Page faults of the application, and accesses by system calls that meet what is not there yet.
 * Guarded by the lock of the memory map.
 */
final class Faults {
  private static final int PAGE_FAULT = 14;
  private static final int SIGBUS = 7;
  private static final int SIGSEGV = 11;
  private static final int SEGV_MAPERR = 1;
  private static final int SEGV_ACCERR = 2;
  private static final int BUS_ADRERR = 2;

  /** How much of a lazily copied file one touch brings in. */
  private static final long FILLED = 64 * Pages.SIZE;

  /** How much a stack grows at a time, if it may. */
  private static final long STACK_STEP = 32 * Pages.SIZE;

  private final Areas areas;

  Faults(Areas areas) {
    this.areas = areas;
  }

  /**
   * Answers a fault.
   *
   * @return null when the application can go on, or the signal it earned
   */
  @Nullable SignalInfo handle(Context via, Fault fault) {
    int signal = fault.signal;
    long address = fault.address;
    boolean memory = signal == SIGSEGV || signal == SIGBUS;
    if (!memory || fault.trapNumber != PAGE_FAULT) {
      return SignalInfo.fault(signal, fault.code, address);
    }
    Vma area = present(address);
    if (area == null) {
      return SignalInfo.fault(SIGSEGV, SEGV_MAPERR, address);
    }
    if (!admits(area, fault)) {
      return SignalInfo.fault(SIGSEGV, SEGV_ACCERR, address);
    }
    if (signal == SIGBUS) {
      return SignalInfo.fault(signal, BUS_ADRERR, address);
    }
    return resolve(via, area, address);
  }

  private static boolean admits(Vma area, Fault fault) {
    if (fault.execute()) {
      return (area.protection() & Protection.EXEC) != 0;
    }
    return fault.write() ? area.writable() : area.protection() != 0;
  }

  /** The area may be touched so: the stub has not got what the tree says. */
  private @Nullable SignalInfo resolve(Context via, Vma area, long address) {
    Vma part = area;
    if (area.lazy()) {
      try {
        part = fill(area, address);
      } catch (ErrnoException _) {
        part = null;
      }
      if (part == null) {
        return SignalInfo.fault(SIGBUS, BUS_ADRERR, address);
      }
    }
    Vma mapped = part;
    try {
      areas.commit(via, part.start(), part.end(), () -> areas.install(via, mapped));
    } catch (ErrnoException _) {
      return SignalInfo.fault(SIGBUS, BUS_ADRERR, address);
    }
    return null;
  }

  /** Copies the surroundings of an address from the file; null past its end. */
  private @Nullable Vma fill(Vma area, long address) throws ErrnoException {
    long start = Math.max(area.start(), address & -FILLED);
    long end = Math.min(area.end(), (address & -FILLED) + FILLED);
    areas.requireAreas();
    Vma copy = areas.copied(area.within(start, end));
    if (copy == null || copy.end() <= address) {
      if (copy != null) {
        areas.release(List.of(copy));
      }
      return null;
    }
    areas.publish(copy.start(), copy.end(), List.of(copy));
    areas.lag(copy.start(), copy.end());
    return copy;
  }

  /**
   * The area behind an address, in memory or mapped from a file, for the Sentry's own access.
   *
   * @throws ErrnoException EFAULT
   */
  Vma reach(long address, boolean store) throws ErrnoException {
    Vma area = present(address);
    if (area == null || !(store ? area.writable() : area.protection() != 0)) {
      throw ErrnoException.of(Errno.EFAULT);
    }
    if (area.lazy()) {
      area = fill(area, address);
      if (area == null) {
        throw ErrnoException.of(Errno.EFAULT);
      }
    }
    return area;
  }

  private @Nullable Vma present(long address) {
    Vma area = areas.tree().find(address);
    return area != null || address < 0 ? area : grown(address);
  }

  /** Makes a stack above the address reach down to it (expand_stack); null when that cannot be. */
  private @Nullable Vma grown(long address) {
    VmaTree tree = areas.tree();
    int index = tree.indexAbove(address);
    if (index == tree.size() || !tree.get(index).has(Vma.GROWS_DOWN)) {
      return null;
    }
    Vma stack = tree.get(index);
    long low = Math.max(areas.lowest(), stackEnd(index) - stackLimit());
    if (index > 0) {
      Vma below = tree.get(index - 1);
      boolean guarded = below.protection() != 0 && !below.has(Vma.GROWS_DOWN);
      low = Math.max(low, below.end() + (guarded ? VmaTree.GUARD_GAP : 0));
    }
    long page = Pages.down(address);
    long start = Math.max(Pages.up(low), Math.min(page, stack.start() - STACK_STEP));
    if (start > page) {
      return null;
    }
    return grow(stack, start);
  }

  private @Nullable Vma grow(Vma stack, long start) {
    long length = stack.start() - start;
    boolean locked = stack.has(Vma.LOCKED);
    try {
      areas.requireRoom(length, 0);
      if (locked && !areas.mayLock(length, false)) {
        return null;
      }
      long memory = areas.allocate(stack.memory() - length, length);
      Vma more =
          new Vma(
              start,
              stack.start(),
              stack.protection(),
              stack.flags(),
              null,
              0,
              memory,
              stack.name());
      areas.publish(start, stack.start(), List.of(more));
      areas.lag(start, stack.start());
      return more;
    } catch (ErrnoException _) {
      return null;
    }
  }

  private long stackEnd(int index) {
    VmaTree tree = areas.tree();
    int last = index;
    while (last + 1 < tree.size() && tree.get(last).continuedBy(tree.get(last + 1))) {
      last++;
    }
    return tree.get(last).end();
  }

  private long stackLimit() {
    long limit = areas.limits().soft(Limits.STACK);
    return limit < 0 ? Long.MAX_VALUE / 2 : Math.min(limit, Long.MAX_VALUE / 2);
  }

  /**
   * Copies what of a range still is a private file's own pages.
   *
   * @return whether the whole range is the process's own now
   */
  boolean makePrivate(Context via, long start, long end) {
    try {
      for (Vma part : areas.tree().within(start, end)) {
        Vma copy = part.shared() || part.inMemory() ? part : areas.copied(part);
        if (part.shared() || copy == null) {
          return false;
        }
        if (!part.inMemory()) {
          areas.apply(via, copy.start(), copy.end(), List.of(copy), () -> areas.install(via, copy));
        }
      }
    } catch (ErrnoException _) {
      return false;
    }
    return areas.tree().covers(start, end);
  }
}
