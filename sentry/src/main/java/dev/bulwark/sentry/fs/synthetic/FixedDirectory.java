package dev.bulwark.sentry.fs.synthetic;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.DirectoryEntry;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.MemoryInode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A directory whose names were put into it when it was built. */
public class FixedDirectory extends SyntheticDirectory {
  private final Map<String, Inode> names = new LinkedHashMap<>();

  /** An empty directory of root's that anybody can read. */
  public FixedDirectory(SyntheticFileSystem fileSystem) {
    this(fileSystem, 0555, 0, 0);
  }

  /** An empty directory. */
  public FixedDirectory(SyntheticFileSystem fileSystem, int permissions, int uid, int gid) {
    super(fileSystem, permissions, uid, gid);
  }

  /** Puts a name into it. */
  public final synchronized FixedDirectory put(String name, Inode inode) {
    names.put(name, inode);
    if (inode.isDirectory()) {
      countLinks(1);
    }
    return this;
  }

  @Override
  public synchronized @Nullable Inode lookup(String name) throws ErrnoException {
    return names.get(name);
  }

  @Override
  protected synchronized List<DirectoryEntry> entries() throws ErrnoException {
    List<DirectoryEntry> entries = new ArrayList<>();
    names.forEach(
        (name, inode) -> {
          long number = inode instanceof MemoryInode kept ? kept.number() : 1;
          entries.add(new DirectoryEntry(name, number, inode.type()));
        });
    return entries;
  }
}
