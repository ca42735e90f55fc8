package dev.bulwark.sentry.fs.overlay;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.Dentry;
import dev.bulwark.sentry.vfs.DirectoryEntry;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.MemoryInode;
import dev.bulwark.sentry.vfs.NewFile;
import dev.bulwark.sentry.vfs.Opening;
import dev.bulwark.sentry.vfs.Rename;
import dev.bulwark.sentry.vfs.SnapshotDirectory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory: names that came here, and what is below but for those that went. Its monitor guards
 * both.
 */
final class OverlayDirectory extends OverlayInode {
  private final Map<String, OverlayInode> came = new LinkedHashMap<>();
  private final Set<String> gone = new HashSet<>();
  private int directories;
  private boolean removed;

  OverlayDirectory(OverlayFileSystem fileSystem, Dentry lower, long number) {
    super(fileSystem, lower, number);
  }

  OverlayDirectory(OverlayFileSystem fileSystem, MemoryInode made) {
    super(fileSystem, made);
  }

  /** As Linux's overlay has it: 1, which means "unknown", once both layers take part. */
  @Override
  synchronized int links(Attributes shown) {
    if (removed) {
      return 0;
    }
    if (lower() != null) {
      return copy() == null ? shown.links() : 1;
    }
    return 2 + directories;
  }

  @Override
  void linked() throws ErrnoException {
    throw ErrnoException.of(Errno.EPERM);
  }

  @Override
  synchronized void unlinked() {
    removed = true;
    // The copy of the attributes stays for those who have it open; the store counts no names.
    if (copy() != null) {
      drop();
    }
  }

  @Override
  public @Nullable Inode lookup(String name) throws ErrnoException {
    return lookup(name, "");
  }

  @Override
  public synchronized @Nullable Inode lookup(String name, String ahead) throws ErrnoException {
    OverlayInode here = came.get(name);
    if (here != null) {
      return here;
    }
    Dentry lower = lower();
    if (lower == null || gone.contains(name)) {
      return null;
    }
    return overlay().show(lower.child(name, ahead, 0));
  }

  /** Whether something below would show when nothing here covers it. */
  private boolean shines(String name) throws ErrnoException {
    Dentry lower = lower();
    return lower != null && !gone.contains(name) && lower.child(name).inode() != null;
  }

  private synchronized void put(String name, OverlayInode inode) throws ErrnoException {
    overlay().store().nameMade();
    try {
      touch(true);
    } catch (ErrnoException e) {
      overlay().store().nameGone();
      throw e;
    }
    came.put(name, inode);
    directories += inode.isDirectory() ? 1 : 0;
  }

  private synchronized void take(String name) throws ErrnoException {
    touch(true);
    if (shines(name)) {
      gone.add(name);
    }
    OverlayInode went = came.remove(name);
    if (went != null) {
      overlay().store().nameGone();
      directories -= went.isDirectory() ? 1 : 0;
    }
  }

  private MemoryInode store(NewFile file, String target, long device) throws ErrnoException {
    return overlay().store().nameless(file, target, device);
  }

  private <T extends OverlayInode> T enter(String name, T made) throws ErrnoException {
    try {
      put(name, made);
    } catch (ErrnoException e) {
      made.drop();
      throw e;
    }
    return made;
  }

  @Override
  public Inode create(String name, NewFile file) throws ErrnoException {
    return enter(name, new OverlayFile(overlay(), store(file, "", 0), 1));
  }

  @Override
  public Inode createNameless(NewFile file) throws ErrnoException {
    return new OverlayFile(overlay(), store(file, "", 0), 0);
  }

  @Override
  public Inode mkdir(String name, NewFile file) throws ErrnoException {
    return enter(name, new OverlayDirectory(overlay(), store(file, "", 0)));
  }

  @Override
  public Inode symlink(String name, String target, NewFile file) throws ErrnoException {
    return enter(name, new OverlayLeaf(overlay(), store(file, target, 0)));
  }

  @Override
  public Inode mknod(String name, long device, NewFile file) throws ErrnoException {
    return enter(name, new OverlayLeaf(overlay(), store(file, "", device)));
  }

  @Override
  public void link(String name, Inode target) throws ErrnoException {
    OverlayInode inode = (OverlayInode) target;
    inode.linked();
    try {
      put(name, inode);
    } catch (ErrnoException e) {
      inode.unlinked();
      throw e;
    }
    inode.touch(false);
  }

  @Override
  public void unlink(String name, Inode child) throws ErrnoException {
    take(name);
    OverlayInode inode = (OverlayInode) child;
    inode.unlinked();
    MemoryInode changed = inode.copy();
    if (changed != null) {
      changed.touchChanged();
    }
  }

  @Override
  public void rmdir(String name, Inode child) throws ErrnoException {
    OverlayDirectory directory = (OverlayDirectory) child;
    directory.checkEmpty();
    take(name);
    directory.unlinked();
  }

  private synchronized void checkEmpty() throws ErrnoException {
    if (!entries().isEmpty()) {
      throw ErrnoException.of(Errno.ENOTEMPTY);
    }
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
    OverlayDirectory to = (OverlayDirectory) newDirectory;
    OverlayInode moved = (OverlayInode) child;
    OverlayInode other = (OverlayInode) replaced;
    // Whatever needs memory comes first: afterwards nothing can fail halfway.
    touch(true);
    to.touch(true);
    moved.touch(false);
    if ((flags & Rename.EXCHANGE) != 0 && other != null) {
      other.touch(false);
      take(oldName);
      to.take(newName);
      put(oldName, other);
      to.put(newName, moved);
      return;
    }
    OverlayInode whiteout = null;
    if ((flags & Rename.WHITEOUT) != 0) {
      NewFile node = new NewFile(Attributes.CHARACTER, 0, 0);
      whiteout = new OverlayLeaf(overlay(), store(node, "", 0));
    }
    if (other instanceof OverlayDirectory directory) {
      directory.checkEmpty();
    }
    overlay().store().nameMade();
    overlay().store().nameGone(); // there is room for the new name
    if (other != null) {
      to.take(newName);
      other.unlinked();
    }
    take(oldName);
    to.put(newName, moved);
    if (whiteout != null) {
      put(oldName, whiteout);
    }
  }

  /** All names, those from below first. */
  private synchronized List<DirectoryEntry> entries() throws ErrnoException {
    List<DirectoryEntry> entries = new ArrayList<>();
    Dentry lower = lower();
    if (lower != null) {
      try (FileDescription directory = overlay().openBelow(lower)) {
        readAll(directory, lower.existing().attributes().device(), entries);
      }
    }
    came.forEach(
        (name, inode) -> entries.add(new DirectoryEntry(name, inode.number(), inode.type())));
    return entries;
  }

  private void readAll(FileDescription directory, long device, List<DirectoryEntry> entries)
      throws ErrnoException {
    directory.readDirectory(
        (name, number, type, _) -> {
          boolean hidden =
              name.equals(".")
                  || name.equals("..")
                  || gone.contains(name)
                  || came.containsKey(name);
          if (!hidden) {
            entries.add(new DirectoryEntry(name, overlay().number(device, number), type));
          }
          return true;
        });
  }

  @Override
  public FileDescription open(Opening opening) {
    return new SnapshotDirectory(opening) {
      @Override
      protected List<DirectoryEntry> entries() throws ErrnoException {
        return OverlayDirectory.this.entries();
      }
    };
  }
}
