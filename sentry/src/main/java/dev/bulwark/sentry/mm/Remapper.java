package dev.bulwark.sentry.mm;

import dev.bulwark.linux.Errno;
import dev.bulwark.platform.Context;
import dev.bulwark.sentry.ErrnoException;
import java.util.ArrayList;
import java.util.List;

/** mremap(2) and remap_file_pages(2). Guarded by the lock of the memory map. */
final class Remapper {
  /** The mapping may go elsewhere. */
  static final int MAYMOVE = 1;

  /** It shall go to the given address. */
  static final int FIXED = 2;

  /** The old range stays mapped, without its contents. */
  static final int DONTUNMAP = 4;

  private final Areas areas;
  private final Mapper mapper;

  Remapper(Areas areas, Mapper mapper) {
    this.areas = areas;
    this.mapper = mapper;
  }

  /**
   * Resizes or moves.
   *
   * @param newAddress for {@link #FIXED}, or as a hint for {@link #DONTUNMAP}
   * @return where the mapping is
   */
  long remap(Context via, long address, long oldLength, long newLength, int flags, long newAddress)
      throws ErrnoException {
    long oldSize = Pages.up(oldLength);
    long newSize = Pages.up(newLength);
    boolean moves = (flags & (FIXED | DONTUNMAP)) != 0;
    if ((flags & ~(MAYMOVE | FIXED | DONTUNMAP)) != 0
        || (moves && (flags & MAYMOVE) == 0)
        || ((flags & DONTUNMAP) != 0 && oldSize != newSize)
        || !Pages.aligned(address)
        || newSize <= 0
        || newSize > areas.limit()
        || (moves && !isTarget(address, oldSize, newSize, newAddress))) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    Vma area = areas.tree().find(address);
    if (area == null || oldSize < 0) {
      throw ErrnoException.of(Errno.EFAULT);
    }
    if (moves) {
      return moveTo(via, area, address, oldSize, newSize, flags, newAddress);
    }
    if (oldSize >= newSize) {
      if (oldSize > newSize) {
        areas.unmap(via, address + newSize, address + oldSize);
      }
      return address;
    }
    requireResizable(area, address, oldSize, newSize);
    if (oldSize > 0 && growInPlace(via, address, oldSize, newSize)) {
      return address;
    }
    if ((flags & MAYMOVE) == 0) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    long to = mapper.find(0, newSize, false);
    move(via, area, address, oldSize, to, newSize, false);
    return to;
  }

  private boolean isTarget(long address, long oldSize, long newSize, long newAddress) {
    return Pages.aligned(newAddress)
        && newAddress >= 0
        && newAddress <= areas.limit() - newSize
        && (address + oldSize <= newAddress || newAddress + newSize <= address);
  }

  private long moveTo(
      Context via, Vma area, long address, long oldSize, long newSize, int flags, long newAddress)
      throws ErrnoException {
    boolean keep = (flags & DONTUNMAP) != 0;
    if ((flags & FIXED) != 0) {
      if (newAddress < areas.lowest()) {
        throw ErrnoException.of(Errno.EPERM);
      }
      areas.unmap(via, newAddress, newAddress + newSize);
    }
    long size = oldSize;
    if (oldSize > newSize) {
      areas.unmap(via, address + newSize, address + oldSize);
      size = newSize;
    }
    requireResizable(area, address, size, newSize);
    if (keep) {
      areas.requireRoom(newSize, area.isData() ? newSize : 0);
    }
    long to = (flags & FIXED) != 0 ? newAddress : mapper.find(newAddress, newSize, false);
    move(via, area, address, size, to, newSize, keep);
    return to;
  }

  /** vma_to_resize. */
  private void requireResizable(Vma area, long address, long oldSize, long newSize)
      throws ErrnoException {
    if (area.has(Vma.SEALED)) {
      throw ErrnoException.of(Errno.EPERM);
    }
    if (oldSize == 0 && !area.shared()) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (oldSize > logicalEnd(address) - address) {
      throw ErrnoException.of(Errno.EFAULT);
    }
    if (newSize == oldSize) {
      return;
    }
    if (area.file() != null && area.fileAt(address) > Long.MAX_VALUE - newSize) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    long growth = newSize - oldSize;
    if (area.has(Vma.LOCKED) && !areas.mayLock(growth, false)) {
      throw ErrnoException.of(Errno.EAGAIN);
    }
    areas.requireRoom(growth, area.isData() ? growth : 0);
    if (area.isData() && !area.has(Vma.NO_RESERVE) && !areas.account().admits(growth)) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
  }

  /** The end of what the application sees as one area. */
  private long logicalEnd(long address) {
    VmaTree tree = areas.tree();
    int i = tree.indexAbove(address);
    while (i + 1 < tree.size() && tree.get(i).continuedBy(tree.get(i + 1))) {
      i++;
    }
    return tree.get(i).end();
  }

  private boolean growInPlace(Context via, long address, long oldSize, long newSize)
      throws ErrnoException {
    long end = address + oldSize;
    long newEnd = address + newSize;
    if (logicalEnd(address) != end
        || newEnd > areas.limit()
        || !areas.tree().isFreeGuarded(end, newEnd)) {
      return false;
    }
    Vma last = areas.tree().within(end - Pages.SIZE, end).getFirst();
    Vma tail = tail(last, end, newSize - oldSize);
    try {
      areas.apply(via, end, newEnd, List.of(tail), () -> areas.install(via, tail));
    } catch (ErrnoException e) {
      areas.release(List.of(tail));
      throw e;
    }
    populateLocked(tail);
    return true;
  }

  private void populateLocked(Vma tail) {
    if (tail.has(Vma.LOCKED)) {
      areas.populate(tail);
    }
  }

  /** What follows an area when it grows. */
  private Vma tail(Vma last, long start, long length) throws ErrnoException {
    Vma like =
        new Vma(
            start,
            start + length,
            last.protection(),
            last.flags(),
            last.file(),
            last.file() == null ? 0 : last.fileOffset() + last.length(),
            last.file() == null ? 0 : Vma.NO_MEMORY,
            last.name());
    return last.file() == null
        ? like.withMemory(areas.allocate(last.memory() + last.length(), length))
        : like;
  }

  /**
   * Moves pages to a free range; their contents go along, as their place in the memory file does
   * not change.
   */
  private void move(
      Context via, Vma area, long address, long oldSize, long to, long newSize, boolean keep)
      throws ErrnoException {
    List<Vma> old = areas.tree().within(address, address + oldSize);
    Areas.requireUnsealed(old);
    areas.requireAreas();
    List<Vma> moved = new ArrayList<>();
    List<Vma> fresh = new ArrayList<>();
    for (Vma part : old) {
      moved.add(part.at(to + part.start() - address));
    }
    if (oldSize == 0) { // another mapping of a shared object
      fresh.add(
          area.within(address, address + Pages.SIZE).withFlags(area.flags() & ~Vma.LOCKED).at(to));
      fresh.set(0, stretched(fresh.getFirst(), newSize));
    } else if (newSize > oldSize) {
      fresh.add(tail(moved.getLast(), to + oldSize, newSize - oldSize));
    }
    List<Vma> left = keep ? emptied(old) : List.of();
    List<Vma> next = new ArrayList<>(moved);
    next.addAll(fresh);
    try {
      areas.commit(
          via,
          address,
          address + oldSize,
          () -> {
            for (Vma part : next) {
              areas.install(via, part);
            }
            if (!keep && oldSize > 0) {
              areas.remove(via, address, address + oldSize);
            }
            for (Vma part : left) {
              areas.install(via, part);
            }
          });
    } catch (ErrnoException e) {
      areas.release(fresh);
      areas.release(left);
      areas.remove(via, to, to + newSize);
      areas.space().commit(via);
      throw e;
    }
    areas.publish(to, to + newSize, next);
    if (oldSize > 0) {
      areas.publish(address, address + oldSize, left);
    }
    fresh.forEach(this::populateLocked);
  }

  private static Vma stretched(Vma area, long size) {
    return new Vma(
        area.start(),
        area.start() + size,
        area.protection(),
        area.flags(),
        area.file(),
        area.fileOffset(),
        area.memory(),
        area.name());
  }

  /** What stays behind with DONTUNMAP: the same areas as if nothing had been stored in them. */
  private List<Vma> emptied(List<Vma> old) throws ErrnoException {
    List<Vma> left = new ArrayList<>();
    for (Vma part : old) {
      Vma blank = part.withFlags(part.flags() & ~Vma.LOCKED);
      if (part.file() == null) {
        left.add(blank.withMemory(areas.allocate(part.start(), part.length())));
      } else {
        left.add(blank.withMemory(Vma.NO_MEMORY));
      }
    }
    return left;
  }

  /** remap_file_pages(2), emulated with mmap as in Linux since 4.0. */
  void remapFilePages(Context via, long address, long size, long page, int flags)
      throws ErrnoException {
    long start = Pages.down(address);
    long length = Pages.down(size);
    long last = Long.MAX_VALUE / Pages.SIZE - length / Pages.SIZE;
    Vma area = areas.tree().find(start);
    MappedFile file = area == null ? null : area.file();
    if (area == null
        || file == null
        || !area.shared()
        || length <= 0
        || length > area.end() - start
        || page < 0
        || page > last) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    FileBacking backing =
        new FileBacking(file.source(), true, area.has(Vma.MAY_WRITE), !area.has(Vma.NO_EXEC));
    int how = MapFlags.SHARED | MapFlags.FIXED | MapFlags.POPULATE;
    mapper.map(
        via,
        start,
        length,
        area.protection(),
        how | (flags & MapFlags.NONBLOCK),
        backing,
        file,
        page * Pages.SIZE,
        area.flags() & Vma.LOCKED);
  }
}
