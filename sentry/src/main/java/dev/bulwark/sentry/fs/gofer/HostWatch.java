package dev.bulwark.sentry.fs.gofer;

import dev.bulwark.gofer.HostEvents;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.Dentry;
import dev.bulwark.sentry.vfs.FileEvents;
import org.jspecify.annotations.Nullable;

/** Passes what happens on the host to a watched file on to those who watch it in the sandbox. */
final class HostWatch implements HostEvents.Sink {
  /** Keeps the numbers that tie the halves of renames together clear of those of the sandbox. */
  private static final int THEIRS = 0x80000000;

  private final GoferInode inode;
  private final Dentry name;

  HostWatch(GoferInode inode, Dentry name) {
    this.inode = inode;
    this.name = name;
  }

  @Override
  public void event(int mask, int cookie, String changed) {
    inode.gofer().expire(); // whoever is told will look at once
    @Nullable String what = changed.isEmpty() ? null : changed;
    FileEvents.outside(inode, mask, cookie == 0 ? 0 : cookie | THEIRS, what);
    if (what == null && (mask & FileEvents.ATTRIB) != 0 && !inode.isDirectory() && isRemoved()) {
      // The host tells of the end of a file when it is closed everywhere, the Gofer included.
      FileEvents.outside(inode, FileEvents.DELETE_SELF, 0, null);
    }
  }

  private boolean isRemoved() {
    try {
      return inode.attributes().links() == 0;
    } catch (ErrnoException e) {
      return true; // not to be found any more
    }
  }

  @Override
  public void lost() {
    inode.gofer().expire();
    FileEvents.outside(inode, FileEvents.OVERFLOW, 0, null);
  }

  @Override
  public long node(String child) {
    return name.rememberedInode(child) instanceof GoferInode known ? known.node() : 0;
  }
}
