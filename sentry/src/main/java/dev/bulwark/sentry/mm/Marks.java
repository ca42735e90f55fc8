package dev.bulwark.sentry.mm;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names and seals of areas, which the stub knows nothing of. Guarded by the map's lock. */
final class Marks {
  private final Areas areas;

  Marks(Areas areas) {
    this.areas = areas;
  }

  /** prctl(PR_SET_VMA_ANON_NAME). EINVAL, EBADF for memory of a file, ENOMEM. */
  void name(long address, long length, @Nullable String name) throws ErrnoException {
    long size = Pages.up(length);
    long end = address + size;
    if (!Pages.aligned(address)
        || (length != 0 && size == 0)
        || Long.compareUnsigned(end, address) < 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (size < 0 || address < 0) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    boolean whole = size == 0 || areas.tree().covers(address, end);
    for (Vma part : areas.tree().within(address, end)) {
      if (part.file() != null && !(part.file().source() instanceof SharedMemory)) {
        throw ErrnoException.of(Errno.EBADF);
      }
      areas.requireAreas();
      areas.publish(part.start(), part.end(), List.of(part.withName(name)));
    }
    if (!whole) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
  }

  /** mseal(2). */
  void seal(long address, long length) throws ErrnoException {
    long size = Pages.up(length);
    long end = address + size;
    if (!Pages.aligned(address)
        || (length != 0 && size == 0)
        || Long.compareUnsigned(end, address) < 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (size < 0 || address < 0 || !areas.tree().covers(address, end)) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    areas.requireAreas();
    for (Vma part : areas.tree().within(address, end)) {
      Vma sealed = part.withFlags(part.flags() | Vma.SEALED);
      areas.publish(part.start(), part.end(), List.of(sealed));
    }
  }
}
