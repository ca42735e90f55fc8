package dev.bulwark.sentry.mm;

import dev.bulwark.linux.Errno;
import dev.bulwark.platform.Context;
import dev.bulwark.sentry.ErrnoException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** mprotect(2). Guarded by the lock of the memory map. */
final class Protector {
  private final Areas areas;

  Protector(Areas areas) {
    this.areas = areas;
  }

  /**
   * Changes the protection of a range; what comes before an obstacle stays changed, as in Linux.
   */
  void protect(Context via, long address, long length, int wanted) throws ErrnoException {
    int grows = wanted & (Protection.GROWS_DOWN | Protection.GROWS_UP);
    int valid = Protection.ALL | Protection.SEM | Protection.GROWS_DOWN | Protection.GROWS_UP;
    if (grows == (Protection.GROWS_DOWN | Protection.GROWS_UP) || !Pages.aligned(address)) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (length == 0) {
      return;
    }
    long end = address + Pages.up(length);
    if (Long.compareUnsigned(end, address) <= 0) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    if ((wanted & ~valid) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    VmaTree tree = areas.tree();
    int first = tree.indexAbove(address);
    if (address < 0 || first == tree.size()) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    long reach = end < 0 ? areas.limit() + Pages.SIZE : end; // addresses are unsigned
    long start = start(tree.get(first), address, reach, grows);
    change(via, start, reach, wanted & Protection.ALL);
  }

  private static long start(Vma area, long address, long end, int grows) throws ErrnoException {
    if (grows == Protection.GROWS_DOWN) {
      if (area.start() >= end) {
        throw ErrnoException.of(Errno.ENOMEM);
      }
      if (!area.has(Vma.GROWS_DOWN)) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      return area.start();
    }
    if (area.start() > address) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    if (grows != 0) { // no area grows up on x86-64
      throw ErrnoException.of(Errno.EINVAL);
    }
    return address;
  }

  private void change(Context via, long start, long end, int protection) throws ErrnoException {
    List<Vma> old = new ArrayList<>();
    ErrnoException obstacle = null;
    long reached = start;
    long data = 0;
    for (Vma part : areas.tree().within(start, end)) {
      obstacle = obstacle(part, reached, protection, data);
      if (obstacle != null) {
        break;
      }
      data += part.withProtection(protection).isData() ? part.length() : 0;
      data -= part.isData() ? part.length() : 0;
      old.add(part);
      reached = part.end();
    }
    if (obstacle == null && reached < end) {
      obstacle = ErrnoException.of(Errno.ENOMEM);
    }
    if (reached > start) {
      apply(via, old, start, reached, protection);
    }
    if (obstacle != null) {
      throw obstacle;
    }
  }

  private @Nullable ErrnoException obstacle(Vma part, long reached, int protection, long data) {
    if (part.start() != reached) {
      return ErrnoException.of(Errno.ENOMEM);
    }
    if (part.has(Vma.SEALED)) {
      return ErrnoException.of(Errno.EPERM);
    }
    boolean write = (protection & Protection.WRITE) != 0;
    if ((write && !part.has(Vma.MAY_WRITE))
        || ((protection & Protection.EXEC) != 0 && part.has(Vma.NO_EXEC))) {
      return ErrnoException.of(Errno.EACCES);
    }
    boolean becomesData = !part.isData() && part.withProtection(protection).isData();
    try {
      areas.requireRoom(0, becomesData ? data + part.length() : 0);
    } catch (ErrnoException e) {
      return e;
    }
    if (becomesData && !part.has(Vma.NO_RESERVE) && !areas.account().admits(part.length())) {
      return ErrnoException.of(Errno.ENOMEM);
    }
    return null;
  }

  private void apply(Context via, List<Vma> old, long start, long end, int protection)
      throws ErrnoException {
    List<Vma> next = new ArrayList<>();
    List<Vma> installed = new ArrayList<>();
    List<Vma> protectedOnly = new ArrayList<>();
    for (Vma part : old) {
      Vma changed = part.withProtection(protection);
      if (part.inMemory() || part.shared()) {
        add(protectedOnly, changed);
        next.add(changed);
      } else if (part.lazy() && changed.lazy()) {
        next.add(changed);
      } else if (!changed.lazy()) {
        // No longer writable, if it was: the file's own pages will do.
        if (part.lazy()) {
          installed.add(changed);
        } else {
          add(protectedOnly, changed);
        }
        next.add(changed);
      } else {
        makePrivate(changed, installed, next);
      }
    }
    areas.apply(
        via,
        start,
        end,
        next,
        () -> {
          for (Vma part : installed) {
            areas.install(via, part);
          }
          for (Vma part : protectedOnly) {
            areas.protect(via, part);
          }
        });
  }

  /** A private part of a file becomes writable: a small one is copied, a large one when touched. */
  private void makePrivate(Vma part, List<Vma> installed, List<Vma> next) throws ErrnoException {
    Vma copy = part.length() <= Areas.COPIED_AT_ONCE ? areas.copied(part) : null;
    if (copy != null) {
      installed.add(copy);
      next.add(copy);
    }
    long reached = copy == null ? part.start() : copy.end();
    if (reached < part.end()) {
      Vma rest = part.within(reached, part.end());
      installed.add(rest);
      next.add(rest);
    }
  }

  private static void add(List<Vma> list, Vma area) {
    int last = list.size() - 1;
    if (last >= 0 && list.get(last).joins(area)) {
      list.set(last, list.get(last).join(area));
    } else {
      list.add(area);
    }
  }
}
