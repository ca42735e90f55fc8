package dev.bulwark.sentry.mm;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One msync(2): what is to be written is found under the map's lock, and written without it. */
final class FileSync {
  private final Areas areas;
  private final List<MappedFile> files = new ArrayList<>();
  private @Nullable ErrnoException failure;

  FileSync(Areas areas) {
    this.areas = areas;
  }

  /** Finds the files of a range, and holds them so that they keep their descriptors. */
  void collect(long address, long length, boolean wait, boolean invalidate) {
    long end = address + Pages.up(length);
    if (!areas.tree().covers(address, end)) {
      failure = ErrnoException.of(Errno.ENOMEM);
    }
    for (Vma part : areas.tree().within(address, end)) {
      if (invalidate && part.has(Vma.LOCKED)) {
        failure = ErrnoException.of(Errno.EBUSY);
        return;
      }
      MappedFile file = part.file();
      if (wait && file != null && part.shared() && part.has(Vma.MAY_WRITE)) {
        file.acquire();
        files.add(file);
      }
    }
  }

  /** Writes the files to the disk. */
  void run() throws ErrnoException {
    for (MappedFile file : files) {
      try {
        ErrnoException.check(HostCall.call(Sys.FDATASYNC, file.fd()));
      } catch (ErrnoException e) {
        failure = failure == null ? e : failure;
      } finally {
        file.release();
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
