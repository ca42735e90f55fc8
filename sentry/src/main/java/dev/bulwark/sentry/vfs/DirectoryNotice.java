package dev.bulwark.sentry.vfs;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.wait.PollEvents;
import org.jspecify.annotations.Nullable;

/**
 * What one open directory is to be told of by signals: F_NOTIFY of fcntl(2), which inotify(7)
 * replaced. It lasts until it has been sent once, unless it was asked for again and again, or until
 * the description is closed. Thread-safe.
 */
public final class DirectoryNotice implements Watch {
  private static final int ACCESS = 0x1;
  private static final int MODIFY = 0x2;
  private static final int CREATE = 0x4;
  private static final int DELETE = 0x8;
  private static final int RENAME = 0x10;
  private static final int ATTRIB = 0x20;
  private static final int ALL = 0x3f;
  private static final int MULTISHOT = 0x80000000;

  /** si_code (POLL_MSG), and the events that si_band tells with it. */
  private static final int POLL_MSG = 3;

  private static final int BAND = PollEvents.IN | PollEvents.RDNORM | 0x400;

  private final FileDescription file;
  private final Inode inode;
  private int fd;
  private int wanted;
  private boolean ended;

  /** The cookie of the last name that went away. */
  private int left;

  private DirectoryNotice(FileDescription file) {
    this.file = file;
    inode = file.location().inode();
  }

  /**
   * Adds to what is to be told, or ends it.
   *
   * @param file an open directory
   * @param fd the descriptor that the signals name
   * @param events DN_* bits; none of them ends it
   * @throws ErrnoException when the file system cannot watch any more
   */
  public static void set(FileDescription file, int fd, int events) throws ErrnoException {
    DirectoryNotice now = file.notice();
    if ((events & ALL) == 0) {
      if (now != null) {
        now.end();
      }
      return;
    }
    while (now == null || !now.want(fd, events)) {
      now = of(file);
    }
  }

  private static DirectoryNotice of(FileDescription file) throws ErrnoException {
    DirectoryNotice made = new DirectoryNotice(file);
    made.inode.watched(file.location().dentry());
    DirectoryNotice kept = file.keepNotice(made);
    if (kept.equals(made)) {
      made.inode.watches().add(made);
    } else {
      made.inode.unwatched();
    }
    return kept;
  }

  /** Adds to what is told; false when this notice has ended. */
  private synchronized boolean want(int number, int events) {
    if (ended) {
      return false;
    }
    fd = number;
    wanted |= events & (ALL | MULTISHOT);
    return true;
  }

  /** Tells nobody any more. */
  void end() {
    synchronized (this) {
      ended = true;
      wanted = 0;
    }
    if (file.clearNotice(this)) {
      inode.watches().remove(this);
      inode.unwatched();
    }
  }

  @Override
  public void event(int events, int cookie, @Nullable String name) {
    if (name == null && (events & FileEvents.ISDIR) == 0) {
      return;
    }
    tell(bits(events));
    if (withinDirectory(events, cookie)) {
      tell(RENAME);
    }
  }

  /** Whether this is the second half of a rename whose first half was in this directory too. */
  private synchronized boolean withinDirectory(int events, int cookie) {
    if ((events & FileEvents.MOVED_FROM) != 0) {
      left = cookie;
    }
    return (events & FileEvents.MOVED_TO) != 0 && cookie == left;
  }

  private static int bits(int events) {
    return ((events & FileEvents.ACCESS) != 0 ? ACCESS : 0)
        | ((events & FileEvents.MODIFY) != 0 ? MODIFY : 0)
        | ((events & FileEvents.ATTRIB) != 0 ? ATTRIB : 0)
        | ((events & (FileEvents.CREATE | FileEvents.MOVED_TO)) != 0 ? CREATE : 0)
        | ((events & (FileEvents.DELETE | FileEvents.MOVED_FROM)) != 0 ? DELETE : 0);
  }

  private void tell(int what) {
    int named;
    boolean last;
    synchronized (this) {
      if ((what & wanted) == 0) {
        return;
      }
      named = fd;
      last = (wanted & MULTISHOT) == 0;
      if (last) {
        wanted = 0;
        ended = true;
      }
    }
    AsyncOwner owner = file.asyncOwner();
    if (owner != null) {
      int signal = file.asyncSignal();
      owner.send(signal, SignalInfo.poll(signal, SignalDriven.code(signal, POLL_MSG), BAND, named));
    }
    if (last) {
      end();
    }
  }
}
