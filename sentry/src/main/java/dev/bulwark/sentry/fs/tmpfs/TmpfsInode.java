package dev.bulwark.sentry.fs.tmpfs;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.MemoryInode;
import dev.bulwark.sentry.vfs.NewFile;
import dev.bulwark.sentry.vfs.Xattrs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all inodes of a tmpfs have in common. It ends when neither name nor user is left. */
abstract class TmpfsInode extends MemoryInode {
  private final Tmpfs fileSystem;
  private @Nullable Xattrs xattrs;
  private int users;
  private boolean gone;

  TmpfsInode(Tmpfs fileSystem, long number, NewFile file) {
    super(fileSystem, number, file);
    this.fileSystem = fileSystem;
  }

  final Tmpfs tmpfs() {
    return fileSystem;
  }

  @Override
  public final synchronized void opened() {
    users++;
    if (gone) { // found just before its last name went: it lives again, empty
      gone = false;
      fileSystem.inodeBack();
    }
  }

  @Override
  public final synchronized void closed() {
    users--;
    endIfUnused();
  }

  /** A name less; of a directory with its entry for itself. */
  final synchronized void unlinked(int names) {
    countLinks(-names);
    if (links() > 0) {
      fileSystem.nameGone();
    }
    endIfUnused();
  }

  /** A name more. */
  final void linked() {
    countLinks(1);
  }

  /** Takes the name away that every inode starts with, for a file that never gets one. */
  final void nameless() {
    countLinks(-1);
  }

  private void endIfUnused() {
    if (users == 0 && links() == 0 && !gone) {
      gone = true;
      fileSystem.inodeGone();
      if (xattrs != null) {
        HeapBudget.give(xattrs.bytes());
        xattrs = null;
      }
      end();
    }
  }

  /** Neither a name nor a user is left: gives the contents back. */
  void end() {}

  @Override
  public final synchronized byte[] getXattr(String name) throws ErrnoException {
    return attributesExtended().get(name);
  }

  @Override
  public final synchronized void setXattr(String name, byte[] value, int flags)
      throws ErrnoException {
    HeapBudget.take((long) name.length() + value.length);
    Xattrs kept = attributesExtended();
    int before = kept.bytes();
    try {
      kept.set(name, value, flags);
    } finally {
      HeapBudget.give((long) name.length() + value.length - (kept.bytes() - before));
    }
    touchChanged();
  }

  @Override
  public final synchronized List<String> listXattr() {
    return xattrs == null ? List.of() : xattrs.names();
  }

  @Override
  public final synchronized void removeXattr(String name) throws ErrnoException {
    Xattrs kept = attributesExtended();
    int before = kept.bytes();
    kept.remove(name);
    HeapBudget.give(before - kept.bytes());
    touchChanged();
  }

  private Xattrs attributesExtended() {
    Xattrs now = xattrs;
    if (now == null) {
      now = new Xattrs();
      xattrs = now;
    }
    return now;
  }
}
