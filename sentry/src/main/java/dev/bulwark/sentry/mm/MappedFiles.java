package dev.bulwark.sentry.mm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much of each file an address space maps; a file is held while that is more than nothing.
 * Counting bytes rather than areas needs no care when areas split and join. Guarded by the lock of
 * the memory map; files that are mapped no more are let go after it.
 */
final class MappedFiles {
  private static final class Bytes {
    long count;
  }

  private final Map<MappedFile, Bytes> files = new HashMap<>();
  private final Map<Mappable, MappedFile> bySource = new HashMap<>();
  private final FileWindows windows;
  private List<MappedFile> gone = new ArrayList<>();

  MappedFiles(FileWindows windows) {
    this.windows = windows;
  }

  /** The file under which the same contents are mapped already, so that areas can join. */
  MappedFile known(MappedFile file) {
    MappedFile other = bySource.get(file.source());
    return other != null && other.writable() == file.writable() ? other : file;
  }

  void add(MappedFile file, long bytes) {
    Bytes mapped = files.get(file);
    if (mapped == null) {
      mapped = new Bytes();
      file.acquire();
      file.source().attached(1);
      files.put(file, mapped);
      bySource.putIfAbsent(file.source(), file);
      windows.retain(file.identity());
    }
    mapped.count += bytes;
  }

  void remove(MappedFile file, long bytes) {
    Bytes mapped = files.get(file);
    if (mapped == null) {
      throw new IllegalStateException("unmapping a file that is not mapped");
    }
    mapped.count -= bytes;
    if (mapped.count == 0) {
      files.remove(file);
      bySource.remove(file.source(), file);
      windows.release(file.identity());
      file.source().attached(-1);
      gone.add(file);
    }
  }

  /** Takes the files that are mapped no more; the caller releases them without the lock. */
  List<MappedFile> takeGone() {
    if (gone.isEmpty()) {
      return List.of();
    }
    List<MappedFile> taken = gone;
    gone = new ArrayList<>();
    return taken;
  }
}
