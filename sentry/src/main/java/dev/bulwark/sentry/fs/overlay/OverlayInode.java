package dev.bulwark.sentry.fs.overlay;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.vfs.AttributeChange;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.Dentry;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.MemoryInode;
import dev.bulwark.sentry.vfs.NewFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of the overlay: what it covers, its copy, or both. Its monitor guards the change from one
 * to the other.
 */
abstract class OverlayInode extends Inode {
  private final OverlayFileSystem fileSystem;
  private final long number;
  private final @Nullable Dentry lower;
  private volatile @Nullable MemoryInode copy;

  /** A file that exists below. */
  OverlayInode(OverlayFileSystem fileSystem, Dentry lower, long number) {
    super(fileSystem, lower.existing().type());
    this.fileSystem = fileSystem;
    this.number = number;
    this.lower = lower;
  }

  /** A file that is only here; the overlay has the inode of the store open. */
  OverlayInode(OverlayFileSystem fileSystem, MemoryInode made) {
    super(fileSystem, made.type());
    this.fileSystem = fileSystem;
    this.number = fileSystem.nextNumber();
    this.lower = null;
    this.copy = made;
    made.opened();
  }

  final OverlayFileSystem overlay() {
    return fileSystem;
  }

  final long number() {
    return number;
  }

  final @Nullable Dentry lower() {
    return lower;
  }

  /** The copy, or null as long as there was no change. */
  final @Nullable MemoryInode copy() {
    return copy;
  }

  /** What shows the file now. */
  final Inode shown() {
    MemoryInode changed = copy;
    return changed != null ? changed : covered().existing();
  }

  /** What exists below; only for a file without a copy. */
  final Dentry covered() {
    if (lower == null) {
      throw new IllegalStateException("a file with neither copy nor original");
    }
    return lower;
  }

  /**
   * The copy, made now if there was none.
   *
   * @param data whether contents are needed, or are going to be cut off anyway
   * @throws ErrnoException ENOSPC, or what is below answers
   */
  final synchronized MemoryInode change(boolean data) throws ErrnoException {
    MemoryInode now = copy;
    if (now != null) {
      return now;
    }
    Inode original = covered().existing();
    Attributes old = original.attributes();
    String target = isSymlink() ? original.readlink() : "";
    NewFile file = new NewFile(old.mode(), old.uid(), old.gid());
    MemoryInode made = fileSystem.store().nameless(file, target, old.special());
    made.opened();
    try {
      if (data) {
        fill(made, old.size());
      }
      copyXattrs(original, made);
      int times = AttributeChange.ACCESSED | AttributeChange.MODIFIED;
      made.setAttributes(new AttributeChange(times, 0, 0, 0, 0, old.accessed(), old.modified()));
    } catch (ErrnoException e) {
      made.closed();
      throw e;
    }
    copy = made;
    fileSystem.changed(this, covered());
    return made;
  }

  /** Copies the contents; for regular files. */
  void fill(MemoryInode made, long size) throws ErrnoException {}

  private static void copyXattrs(Inode from, Inode to) throws ErrnoException {
    List<String> names;
    try {
      names = from.listXattr();
    } catch (ErrnoException e) {
      return; // below there are none
    }
    for (String name : names) {
      copyXattr(from, to, name);
    }
  }

  private static void copyXattr(Inode from, Inode to, String name) {
    try {
      to.setXattr(name, from.getXattr(name), 0);
    } catch (ErrnoException e) {
      // A name that only some may see cannot be read; Linux's overlay leaves such out, too.
    }
  }

  /** How many names it has. */
  abstract int links(Attributes shown);

  /** A name more. */
  abstract void linked() throws ErrnoException;

  /** A name less; of a directory the last one. */
  abstract void unlinked();

  @Override
  public final Attributes attributes() throws ErrnoException {
    Attributes now = shown().attributes();
    return new Attributes(
        fileSystem.device(),
        number,
        now.mode(),
        links(now),
        now.uid(),
        now.gid(),
        now.special(),
        now.size(),
        now.blockSize(),
        now.blocks(),
        now.accessed(),
        now.modified(),
        now.changed(),
        now.born());
  }

  @Override
  public final void checkPermission(int wanted, Credentials credentials) throws ErrnoException {
    shown().checkPermission(wanted, credentials);
  }

  @Override
  public final void setAttributes(AttributeChange change) throws ErrnoException {
    boolean emptied = change.has(AttributeChange.SIZE) && change.size() == 0;
    change(!emptied).setAttributes(change);
  }

  @Override
  public final void touchAccessed() {
    MemoryInode changed = copy;
    if (changed != null) {
      changed.touchAccessed();
    }
  }

  /** Names in it, or of it, changed now. */
  final void touch(boolean contents) throws ErrnoException {
    MemoryInode changed = change(true);
    if (contents) {
      changed.touchModified();
    } else {
      changed.touchChanged();
    }
  }

  @Override
  public final byte[] getXattr(String name) throws ErrnoException {
    return shown().getXattr(name);
  }

  @Override
  public final List<String> listXattr() throws ErrnoException {
    return shown().listXattr();
  }

  @Override
  public final void setXattr(String name, byte[] value, int flags) throws ErrnoException {
    change(true).setXattr(name, value, flags);
  }

  @Override
  public final void removeXattr(String name) throws ErrnoException {
    shown().getXattr(name);
    change(true).removeXattr(name);
  }

  @Override
  public final long size() throws ErrnoException {
    return shown().size();
  }

  /** Its last name and user are gone: the overlay's store gets the copy back. */
  final void drop() {
    if (lower != null) {
      fileSystem.forget(this, lower);
    }
    MemoryInode changed = copy;
    if (changed != null) {
      changed.closed();
    }
  }
}
