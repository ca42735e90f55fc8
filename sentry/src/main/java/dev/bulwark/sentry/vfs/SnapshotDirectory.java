package dev.bulwark.sentry.vfs;

import dev.bulwark.sentry.ErrnoException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open directory of a file system whose entries have no lasting positions: they are listed once,
 * when reading begins, and again after rewinddir(3).
 */
public abstract class SnapshotDirectory extends DirectoryFile {
  private @Nullable List<DirectoryEntry> entries;

  /** Opens the directory at a location. */
  protected SnapshotDirectory(Opening opening) {
    super(opening);
  }

  /** All entries but {@code .} and {@code ..}. */
  protected abstract List<DirectoryEntry> entries() throws ErrnoException;

  @Override
  protected void list(long from, DirectorySink sink) throws ErrnoException {
    List<DirectoryEntry> now = entries;
    if (now == null) {
      now = entries();
      entries = now;
    }
    for (long i = from - FIRST; i < now.size(); i++) {
      DirectoryEntry entry = now.get((int) i);
      if (!sink.entry(entry.name(), entry.inode(), entry.type(), i + FIRST + 1)) {
        return;
      }
    }
  }

  @Override
  protected void rewound() {
    entries = null;
  }
}
