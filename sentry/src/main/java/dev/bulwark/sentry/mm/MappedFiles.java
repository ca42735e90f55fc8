package dev.bulwark.sentry.mm;

import java.util.HashMap;
import java.util.Map;

/**
 * How much of each file an address space maps; a file is held while that is more than nothing.
 * Counting bytes rather than areas needs no care when areas split and join. Guarded by the lock of
 * the memory map.
 */
final class MappedFiles {
  private static final class Bytes {
    long count;
  }

  private final Map<Mappable, Bytes> files = new HashMap<>();
  private final FileWindows windows;

  MappedFiles(FileWindows windows) {
    this.windows = windows;
  }

  void add(Mappable file, long bytes) {
    Bytes mapped = files.get(file);
    if (mapped == null) {
      mapped = new Bytes();
      files.put(file, mapped);
      file.mapped(1);
      windows.retain(file.identity());
    }
    mapped.count += bytes;
  }

  void remove(Mappable file, long bytes) {
    Bytes mapped = files.get(file);
    if (mapped == null) {
      throw new IllegalStateException("unmapping a file that is not mapped");
    }
    mapped.count -= bytes;
    if (mapped.count == 0) {
      files.remove(file);
      windows.release(file.identity());
      file.mapped(-1);
    }
  }
}
