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

  /** prctl(PR_SET_VMA_ANON_NAME), and the names of what the kernel itself maps. */
  void name(long address, long length, @Nullable String name) throws ErrnoException {
    long end = address + Pages.up(length);
    areas.requireAreas();
    for (Vma part : areas.tree().within(address, end)) {
      if (part.file() != null) {
        throw ErrnoException.of(Errno.EBADF);
      }
      areas.publish(part.start(), part.end(), List.of(part.withName(name)));
    }
    if (!areas.tree().covers(address, end)) {
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
