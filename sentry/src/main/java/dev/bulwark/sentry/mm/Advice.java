package dev.bulwark.sentry.mm;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.Sys;
import dev.bulwark.platform.Context;
import dev.bulwark.sentry.ErrnoException;
import java.util.List;

/** madvise(2). Guarded by the lock of the memory map. */
final class Advice {
  static final int NORMAL = 0;
  static final int RANDOM = 1;
  static final int SEQUENTIAL = 2;
  static final int WILLNEED = 3;
  static final int DONTNEED = 4;
  static final int FREE = 8;
  static final int REMOVE = 9;
  static final int DONTFORK = 10;
  static final int DOFORK = 11;
  static final int MERGEABLE = 12;
  static final int UNMERGEABLE = 13;
  static final int HUGEPAGE = 14;
  static final int NOHUGEPAGE = 15;
  static final int DONTDUMP = 16;
  static final int DODUMP = 17;
  static final int WIPEONFORK = 18;
  static final int KEEPONFORK = 19;
  static final int COLD = 20;
  static final int PAGEOUT = 21;
  static final int POPULATE_READ = 22;
  static final int POPULATE_WRITE = 23;
  static final int DONTNEED_LOCKED = 24;
  static final int COLLAPSE = 25;

  private static final int PUNCH_HOLE_KEEP_SIZE = 3;

  private final Areas areas;

  Advice(Areas areas) {
    this.areas = areas;
  }

  /** Follows an advice as far as a range is mapped; a hole in it is ENOMEM afterwards. */
  void advise(Context via, long address, long length, int advice) throws ErrnoException {
    if (advice < 0
        || advice > COLLAPSE
        || (advice > WILLNEED + 1 && advice < FREE)
        || !Pages.aligned(address)) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    long size = Pages.up(length);
    if ((length != 0 && size == 0) || Long.compareUnsigned(address + size, address) < 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (size == 0) {
      return;
    }
    if (size < 0 || address < 0) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    long end = address + size;
    boolean whole = areas.tree().covers(address, end);
    long reached = address;
    for (Vma part : areas.tree().within(address, end)) {
      if (part.start() > reached && (advice == POPULATE_READ || advice == POPULATE_WRITE)) {
        break; // others go on behind a hole
      }
      follow(via, part, advice);
      reached = part.end();
    }
    if (!whole) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
  }

  private void follow(Context via, Vma part, int advice) throws ErrnoException {
    switch (advice) {
      case DONTNEED, DONTNEED_LOCKED -> {
        if (advice == DONTNEED && part.has(Vma.LOCKED)) {
          throw ErrnoException.of(Errno.EINVAL);
        }
        drop(via, part);
      }
      case FREE -> {
        if (part.file() != null || part.shared() || part.has(Vma.LOCKED)) {
          throw ErrnoException.of(Errno.EINVAL);
        }
        drop(via, part);
      }
      case REMOVE -> remove(part);
      case DONTFORK -> flag(part, part.flags() | Vma.DONT_FORK);
      case DOFORK -> flag(part, part.flags() & ~Vma.DONT_FORK);
      case DONTDUMP -> flag(part, part.flags() | Vma.DONT_DUMP);
      case DODUMP -> flag(part, part.flags() & ~Vma.DONT_DUMP);
      case WIPEONFORK -> {
        if (part.file() != null) {
          throw ErrnoException.of(Errno.EINVAL);
        }
        flag(part, part.flags() | Vma.WIPE_ON_FORK);
      }
      case KEEPONFORK -> flag(part, part.flags() & ~Vma.WIPE_ON_FORK);
      case POPULATE_READ, POPULATE_WRITE -> populate(part, advice == POPULATE_WRITE);
      case COLD, PAGEOUT -> {
        if (part.has(Vma.LOCKED)) {
          throw ErrnoException.of(Errno.EINVAL);
        }
      }
      // No huge pages can be had here; Linux too may find none.
      case COLLAPSE -> throw ErrnoException.of(Errno.EINVAL);
      case NORMAL, RANDOM, SEQUENTIAL, WILLNEED, MERGEABLE, UNMERGEABLE, HUGEPAGE, NOHUGEPAGE -> {}
      default -> throw ErrnoException.of(Errno.EINVAL);
    }
  }

  /** Private pages lose what was stored in them. */
  private void drop(Context via, Vma part) throws ErrnoException {
    if (part.has(Vma.SEALED) && !part.writable()) {
      throw ErrnoException.of(Errno.EPERM);
    }
    if (!part.inMemory()) {
      return;
    }
    if (part.file() == null) {
      // The host takes the pages out of every mapping of the file, the stub's too.
      areas.memory().free(part.memory(), part.length());
      return;
    }
    areas.requireAreas();
    Vma blank = part.withMemory(Vma.NO_MEMORY);
    areas.apply(via, part.start(), part.end(), List.of(blank), () -> areas.install(via, blank));
    areas.release(List.of(part));
  }

  private void remove(Vma part) throws ErrnoException {
    MappedFile file = part.file();
    if (part.has(Vma.LOCKED) || file == null) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (!part.shared() || !part.has(Vma.MAY_WRITE)) {
      throw ErrnoException.of(Errno.EACCES);
    }
    ErrnoException.check(
        HostCall.call(
            Sys.FALLOCATE, file.fd(), PUNCH_HOLE_KEEP_SIZE, part.fileOffset(), part.length()));
  }

  private void populate(Vma part, boolean write) throws ErrnoException {
    if (write ? !part.writable() : part.protection() == 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (part.inMemory() && part.length() > areas.account().fillable()) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    areas.populate(part);
    MappedFile file = part.file();
    if (file != null
        && part.fileOffset() + part.length() > Pages.up(Math.max(0, HostFile.size(file.fd())))) {
      throw ErrnoException.of(Errno.EFAULT); // where touching the pages would be SIGBUS
    }
  }

  private void flag(Vma part, int flags) throws ErrnoException {
    areas.requireAreas();
    areas.publish(part.start(), part.end(), List.of(part.withFlags(flags)));
  }
}
