package dev.bulwark.sentry.mm;

import dev.bulwark.linux.Errno;
import dev.bulwark.platform.Context;
import dev.bulwark.sentry.ErrnoException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** mmap(2). Guarded by the lock of the memory map. */
final class Mapper {
  private static final long LOW_START = 0x40000000L;
  private static final long LOW_END = 0x80000000L;

  private final Areas areas;

  Mapper(Areas areas) {
    this.areas = areas;
  }

  /**
   * Maps; the parameters are those of mmap(2), checked in Linux's order.
   *
   * @param backing what the open file admits, or null for anonymous memory
   * @param file the same file, opened for mapping
   */
  long map(
      Context via,
      long address,
      long length,
      int protection,
      int flags,
      @Nullable FileBacking backing,
      @Nullable MappedFile file,
      long offset,
      int extraFlags)
      throws ErrnoException {
    if (length == 0 || !Pages.aligned(offset)) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    long size = Pages.up(length);
    if (size <= 0 || Long.compareUnsigned(length, size) > 0 || size > areas.limit()) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    if (!areas.mayAddAreas()) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    long start = place(address, size, flags);
    int type = flags & MapFlags.TYPE;
    int areaFlags =
        backing == null ? anonymous(type, flags) : ofFile(type, flags, protection, backing);
    if (backing != null && (offset < 0 || offset > Long.MAX_VALUE - size)) {
      throw ErrnoException.of(Errno.EOVERFLOW);
    }
    if ((flags & MapFlags.HUGETLB) != 0) {
      throw ErrnoException.of(backing == null ? Errno.ENOMEM : Errno.EINVAL);
    }
    areaFlags |= extraFlags;
    areaFlags |= (flags & MapFlags.GROWSDOWN) != 0 ? Vma.GROWS_DOWN : 0;
    areaFlags |= (flags & MapFlags.NORESERVE) != 0 ? Vma.NO_RESERVE : 0;
    areaFlags |= (flags & MapFlags.LOCKED) != 0 ? Vma.LOCKED : 0;
    if (backing == null && (type & MapFlags.SHARED) != 0) {
      requireAdmitted(size);
      MappedFile object = MappedFile.open(SharedMemory.create(areas.account(), size), true);
      try {
        map(via, blank(start, size, protection, areaFlags, object, 0));
      } finally {
        object.release(); // it has no lock that could stand in the way
      }
    } else if (backing == null || file == null) {
      if ((protection & Protection.WRITE) != 0 && (areaFlags & Vma.NO_RESERVE) == 0) {
        requireAdmitted(size);
      }
      map(via, new Vma(start, start + size, protection, areaFlags, null, 0, start, null));
    } else {
      MappedFile known = areas.files().known(file);
      map(via, blank(start, size, protection, areaFlags, known, offset));
    }
    if ((flags & MapFlags.POPULATE) != 0 || (areaFlags & Vma.LOCKED) != 0) {
      areas.tree().within(start, start + size).forEach(areas::populate);
    }
    return start;
  }

  private static Vma blank(
      long start, long size, int protection, int flags, MappedFile file, long offset) {
    return new Vma(start, start + size, protection, flags, file, offset, Vma.NO_MEMORY, null);
  }

  private void requireAdmitted(long size) throws ErrnoException {
    if (!areas.account().admits(size)) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
  }

  private static int anonymous(int type, int flags) throws ErrnoException {
    return switch (type) {
      case MapFlags.PRIVATE -> Vma.MAY_WRITE;
      case MapFlags.SHARED -> {
        if ((flags & MapFlags.GROWSDOWN) != 0) {
          throw ErrnoException.of(Errno.EINVAL);
        }
        yield Vma.SHARED | Vma.MAY_WRITE;
      }
      default -> throw ErrnoException.of(Errno.EINVAL);
    };
  }

  private static int ofFile(int type, int flags, int protection, FileBacking backing)
      throws ErrnoException {
    int result;
    switch (type) {
      case MapFlags.SHARED, MapFlags.SHARED_VALIDATE -> {
        if (type == MapFlags.SHARED_VALIDATE && (flags & ~MapFlags.VALID) != 0) {
          throw ErrnoException.of(Errno.EOPNOTSUPP);
        }
        if ((protection & Protection.WRITE) != 0 && !backing.writable()) {
          throw ErrnoException.of(Errno.EACCES);
        }
        result = Vma.SHARED | (backing.writable() ? Vma.MAY_WRITE : 0);
      }
      case MapFlags.PRIVATE -> result = Vma.MAY_WRITE;
      default -> throw ErrnoException.of(Errno.EINVAL);
    }
    if (!backing.readable()) {
      throw ErrnoException.of(Errno.EACCES);
    }
    if (!backing.executable() && (protection & Protection.EXEC) != 0) {
      throw ErrnoException.of(Errno.EPERM);
    }
    if ((flags & MapFlags.GROWSDOWN) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return result | (backing.executable() ? 0 : Vma.NO_EXEC);
  }

  /** get_unmapped_area: where the mapping goes. */
  private long place(long address, long size, int flags) throws ErrnoException {
    if ((flags & (MapFlags.FIXED | MapFlags.FIXED_NOREPLACE)) != 0) {
      if (address < 0 || address > areas.limit() - size) {
        throw ErrnoException.of(Errno.ENOMEM);
      }
      if (!Pages.aligned(address)) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      if (address < areas.lowest()) {
        throw ErrnoException.of(Errno.EPERM);
      }
      if ((flags & MapFlags.FIXED_NOREPLACE) != 0
          && !areas.tree().isFree(address, address + size)) {
        throw ErrnoException.of(Errno.EEXIST);
      }
      return address;
    }
    return find(address, size, (flags & MapFlags.LOW_2GB) != 0);
  }

  /**
   * A free place at a multiple of a power of two.
   *
   * @throws ErrnoException ENOMEM
   */
  long find(long size, long alignment) throws ErrnoException {
    long padded = size + alignment - Pages.SIZE;
    if (size <= 0 || padded <= 0) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    long found = find(0, Pages.up(padded), false);
    return (found + alignment - 1) & -alignment;
  }

  /**
   * A free place.
   *
   * @param hint taken when it is free; 0 for none
   * @throws ErrnoException ENOMEM
   */
  long find(long hint, long size, boolean low) throws ErrnoException {
    VmaTree tree = areas.tree();
    long limit = low ? Math.min(LOW_END, areas.limit()) : areas.limit();
    long wanted = Pages.down(hint);
    if (wanted != 0) {
      wanted = wanted > 0 && wanted < areas.lowest() ? areas.lowest() : wanted;
      if (wanted > 0 && wanted <= limit - size && tree.isFreeGuarded(wanted, wanted + size)) {
        return wanted;
      }
    }
    long found =
        low ? tree.gap(LOW_START, limit, size) : tree.gap(areas.lowest(), areas.mmapBase(), size);
    if (found < 0 && !low) {
      found = tree.gap(areas.lowest(), limit, size);
    }
    if (found < 0) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    return found;
  }

  /**
   * Maps an area, replacing what is there. Anonymous private memory is allocated, near the place
   * that the area names; small private writable parts of files are copied.
   */
  private void map(Context via, Vma area) throws ErrnoException {
    long start = area.start();
    long end = area.end();
    List<Vma> old = areas.tree().within(start, end);
    long oldBytes = 0;
    long oldData = 0;
    Areas.requireUnsealed(old);
    for (Vma part : old) {
      oldBytes += part.length();
      oldData += part.isData() ? part.length() : 0;
    }
    areas.requireRoom(area.length() - oldBytes, (area.isData() ? area.length() : 0) - oldData);
    if (!old.isEmpty()) {
      // What was there is lost whatever comes of this; its place in the memory file is wanted.
      areas.publish(start, end, List.of());
      areas.release(old);
    }
    List<Vma> next = contents(area);
    try {
      if (area.file() == null && areas.ranges().filled()) {
        Vma held = next.getFirst();
        areas.apply(via, start, end, next, () -> areas.installPresent(via, held));
      } else {
        install(via, start, end, next);
      }
    } catch (ErrnoException e) {
      areas.release(next);
      Vma copy = e.errno() == Errno.EPERM || e.errno() == Errno.EACCES ? copyToExecute(area) : null;
      if (copy == null) {
        throw e;
      }
      install(via, start, end, List.of(copy));
    }
  }

  private void install(Context via, long start, long end, List<Vma> next) throws ErrnoException {
    areas.apply(
        via,
        start,
        end,
        next,
        () -> {
          for (Vma part : next) {
            areas.install(via, part);
          }
        });
  }

  private List<Vma> contents(Vma area) throws ErrnoException {
    if (area.file() == null) {
      return List.of(area.withMemory(areas.allocate(area.memory(), area.length())));
    }
    if (area.lazy() && area.length() <= Areas.COPIED_AT_ONCE) {
      List<Vma> parts = new ArrayList<>();
      Vma copy = areas.copied(area);
      if (copy != null) {
        parts.add(copy);
      }
      long reached = copy == null ? area.start() : copy.end();
      if (reached < area.end()) {
        parts.add(area.within(reached, area.end()));
      }
      return parts;
    }
    return List.of(area);
  }

  /** The host may not let files be executed that lie where a container's files do; a copy runs. */
  private @Nullable Vma copyToExecute(Vma area) throws ErrnoException {
    boolean executed = (area.protection() & Protection.EXEC) != 0;
    Vma copy = executed && !area.shared() && !area.inMemory() ? areas.copied(area) : null;
    return copy != null && copy.length() == area.length() ? copy : null;
  }
}
