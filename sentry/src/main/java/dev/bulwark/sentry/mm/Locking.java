package dev.bulwark.sentry.mm;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Limits;
import java.util.ArrayList;
import java.util.List;

/**
 * mlock(2) and its kin. Locked memory is made present and counted against RLIMIT_MEMLOCK; whether
 * it stays in memory is the host's matter. Guarded by the lock of the memory map.
 */
final class Locking {
  /** mlockall(2): what is mapped now. */
  static final int CURRENT = 1;

  /** mlockall(2): what will be mapped. */
  static final int FUTURE = 2;

  /** mlockall(2): as pages are touched. */
  static final int ONFAULT = 4;

  private final Areas areas;
  private boolean future;

  Locking(Areas areas) {
    this.areas = areas;
  }

  /** The flags that new areas get. */
  int defaultFlags() {
    return future ? Vma.LOCKED : 0;
  }

  /** can_do_mlock. */
  void requireAllowed(boolean privileged) throws ErrnoException {
    if (!privileged && areas.limits().soft(Limits.MEMLOCK) == 0) {
      throw ErrnoException.of(Errno.EPERM);
    }
  }

  void lock(long address, long length, boolean privileged, boolean onFault) throws ErrnoException {
    requireAllowed(privileged);
    long start = Pages.down(address);
    long size = Pages.up(length + (address - start));
    long already = 0;
    if (size > 0 && start >= 0) {
      for (Vma part : areas.tree().within(start, start + size)) {
        already += part.has(Vma.LOCKED) ? part.length() : 0;
      }
    }
    if (!areas.mayLock(size - already, privileged)) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    change(start, size, true, !onFault);
  }

  void unlock(long address, long length) throws ErrnoException {
    long start = Pages.down(address);
    change(start, Pages.up(length + (address - start)), false, false);
  }

  private void change(long start, long size, boolean locked, boolean populate)
      throws ErrnoException {
    long end = start + size;
    if (Long.compareUnsigned(end, start) < 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (size == 0) {
      return;
    }
    if (size < 0 || start < 0 || areas.tree().find(start) == null) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    boolean whole = areas.tree().covers(start, end);
    apply(areas.tree().within(start, end), locked, populate);
    if (!whole) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
  }

  private void apply(List<Vma> parts, boolean locked, boolean populate) throws ErrnoException {
    for (Vma part : parts) {
      areas.requireAreas();
      int flags = locked ? part.flags() | Vma.LOCKED : part.flags() & ~Vma.LOCKED;
      if (flags != part.flags()) {
        areas.publish(part.start(), part.end(), List.of(part.withFlags(flags)));
      }
      if (populate) {
        areas.populate(part);
      }
    }
  }

  void lockAll(int flags, boolean privileged) throws ErrnoException {
    if (flags == 0 || (flags & ~(CURRENT | FUTURE | ONFAULT)) != 0 || flags == ONFAULT) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    requireAllowed(privileged);
    if ((flags & CURRENT) != 0
        && !privileged
        && areas.limits().exceeded(Limits.MEMLOCK, areas.sizes().total)) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    future = (flags & FUTURE) != 0;
    if ((flags & CURRENT) != 0) {
      apply(new ArrayList<>(areas.tree().all()), true, (flags & ONFAULT) == 0);
    }
  }

  void unlockAll() {
    future = false;
    for (Vma area : areas.tree().all()) { // whole areas: none is split
      if (area.has(Vma.LOCKED)) {
        Vma unlocked = area.withFlags(area.flags() & ~Vma.LOCKED);
        areas.publish(area.start(), area.end(), List.of(unlocked));
      }
    }
  }
}
