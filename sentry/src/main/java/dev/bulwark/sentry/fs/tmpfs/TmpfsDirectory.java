package dev.bulwark.sentry.fs.tmpfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.DirectoryFile;
import dev.bulwark.sentry.vfs.DirectorySink;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.NewFile;
import dev.bulwark.sentry.vfs.Rename;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A directory. Every entry has a place in the order of listing that it keeps, so that a listing
 * goes on rightly while names come and go.
 */
final class TmpfsDirectory extends TmpfsInode {
  /** What a name adds to the directory's size (BOGO_DIRENT_SIZE). */
  private static final int ENTRY_SIZE = 20;

  private record Entry(String name, Inode inode, long place) {}

  private final Map<String, Entry> names = new HashMap<>();
  private final TreeMap<Long, Entry> places = new TreeMap<>();
  private long nextPlace = DirectoryFile.FIRST + 1;

  @SuppressWarnings("this-escape") // only counts
  TmpfsDirectory(Tmpfs fileSystem, long number, NewFile file) {
    super(fileSystem, number, file);
    countLinks(1);
  }

  /** Attributes that cannot fail. */
  Attributes attributesOfRoot() {
    try {
      return attributes();
    } catch (ErrnoException e) {
      throw new AssertionError("attributes in memory", e);
    }
  }

  @Override
  public synchronized long size() {
    return (long) names.size() * ENTRY_SIZE;
  }

  @Override
  public synchronized @Nullable Inode lookup(String name) {
    Entry entry = names.get(name);
    return entry == null ? null : entry.inode;
  }

  private synchronized void add(String name, Inode inode) {
    Entry entry = new Entry(name, inode, nextPlace++);
    names.put(name, entry);
    places.put(entry.place, entry);
    if (inode.isDirectory()) {
      countLinks(1);
    }
    touchModified();
  }

  private synchronized void take(String name) {
    Entry entry = names.remove(name);
    if (entry != null) {
      places.remove(entry.place);
      if (entry.inode.isDirectory()) {
        countLinks(-1);
      }
      touchModified();
    }
  }

  /** Takes all names away, here and below, because the file system is not mounted any more. */
  synchronized void clear() {
    for (Entry entry : names.values()) {
      if (entry.inode instanceof TmpfsDirectory directory) {
        directory.clear();
        directory.unlinked(2);
      } else {
        ((TmpfsInode) entry.inode).unlinked(1);
      }
    }
    names.clear();
    places.clear();
  }

  private synchronized boolean isEmpty() {
    return names.isEmpty();
  }

  @Override
  public Inode create(String name, NewFile file) throws ErrnoException {
    Inode made = new TmpfsFile(tmpfs(), tmpfs().newInode(), file);
    add(name, made);
    return made;
  }

  @Override
  public Inode createNameless(NewFile file) throws ErrnoException {
    TmpfsFile made = new TmpfsFile(tmpfs(), tmpfs().newInode(), file);
    made.nameless();
    made.mayGetName();
    return made;
  }

  @Override
  public Inode mkdir(String name, NewFile file) throws ErrnoException {
    Inode made = new TmpfsDirectory(tmpfs(), tmpfs().newInode(), file);
    add(name, made);
    return made;
  }

  @Override
  public Inode symlink(String name, String target, NewFile file) throws ErrnoException {
    Inode made = new TmpfsLink(tmpfs(), tmpfs().newInode(), file, target);
    add(name, made);
    return made;
  }

  @Override
  public Inode mknod(String name, long device, NewFile file) throws ErrnoException {
    Inode made = new TmpfsNode(tmpfs(), tmpfs().newInode(), file, device);
    add(name, made);
    return made;
  }

  @Override
  public void link(String name, Inode target) throws ErrnoException {
    TmpfsInode inode = (TmpfsInode) target;
    synchronized (inode) {
      if (inode.links() > 0) {
        tmpfs().nameMade(); // else names of one file could fill the Sentry's memory
      } else if (!(inode instanceof TmpfsFile file && file.takeMayGetName())) {
        throw ErrnoException.of(Errno.ENOENT);
      }
      inode.linked();
    }
    add(name, inode);
  }

  @Override
  public void unlink(String name, Inode child) {
    take(name);
    ((TmpfsInode) child).unlinked(1);
  }

  @Override
  public void rmdir(String name, Inode child) throws ErrnoException {
    TmpfsDirectory directory = (TmpfsDirectory) child;
    if (!directory.isEmpty()) {
      throw ErrnoException.of(Errno.ENOTEMPTY);
    }
    take(name);
    directory.unlinked(2);
  }

  @Override
  public void rename(
      String oldName,
      Inode child,
      Inode newDirectory,
      String newName,
      @Nullable Inode replaced,
      int flags)
      throws ErrnoException {
    TmpfsDirectory to = (TmpfsDirectory) newDirectory;
    if ((flags & Rename.EXCHANGE) != 0 && replaced != null) {
      take(oldName);
      to.take(newName);
      add(oldName, replaced);
      to.add(newName, child);
      ((TmpfsInode) replaced).touchChanged();
      ((TmpfsInode) child).touchChanged();
      return;
    }
    Inode whiteout = null;
    if ((flags & Rename.WHITEOUT) != 0) {
      NewFile node = new NewFile(Attributes.CHARACTER, 0, 0);
      whiteout = new TmpfsNode(tmpfs(), tmpfs().newInode(), node, 0);
    }
    if (replaced instanceof TmpfsDirectory directory && !directory.isEmpty()) {
      throw ErrnoException.of(Errno.ENOTEMPTY);
    }
    if (replaced != null) {
      to.take(newName);
      ((TmpfsInode) replaced).unlinked(replaced.isDirectory() ? 2 : 1);
    }
    take(oldName);
    to.add(newName, child);
    ((TmpfsInode) child).touchChanged();
    if (whiteout != null) {
      add(oldName, whiteout);
    }
  }

  @Override
  public void readDirectory(long position, DirectorySink sink) {
    long after = position <= DirectoryFile.FIRST ? 0 : position;
    while (true) {
      Entry entry;
      synchronized (this) {
        Map.Entry<Long, Entry> next = places.higherEntry(after);
        if (next == null) {
          return;
        }
        entry = next.getValue();
      }
      long number = ((TmpfsInode) entry.inode).number();
      if (!sink.entry(entry.name, number, entry.inode.type(), entry.place)) {
        return;
      }
      after = entry.place;
    }
  }
}
