package dev.bulwark.sentry.vfs;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Tells watches what happens to files (inotify(7)): those of the file, and, with its name, those of
 * the directory that it is in.
 */
public final class FileEvents {
  /** Was read. */
  public static final int ACCESS = 0x1;

  /** Was written. */
  public static final int MODIFY = 0x2;

  /** Attributes changed. */
  public static final int ATTRIB = 0x4;

  /** Was closed after it had been open for writing. */
  public static final int CLOSE_WRITE = 0x8;

  /** Was closed after it had been open for reading. */
  public static final int CLOSE_NOWRITE = 0x10;

  /** Was opened. */
  public static final int OPEN = 0x20;

  /** A name went elsewhere. */
  public static final int MOVED_FROM = 0x40;

  /** A name came from elsewhere. */
  public static final int MOVED_TO = 0x80;

  /** A name was made. */
  public static final int CREATE = 0x100;

  /** A name was removed. */
  public static final int DELETE = 0x200;

  /** The watched file itself was removed. */
  public static final int DELETE_SELF = 0x400;

  /** The watched file itself was moved. */
  public static final int MOVE_SELF = 0x800;

  /** Events were lost. */
  public static final int OVERFLOW = 0x4000;

  /** It happened to a directory. */
  public static final int ISDIR = 0x40000000;

  private static final AtomicInteger COOKIES = new AtomicInteger();

  private FileEvents() {}

  /** A file was read. */
  public static void accessed(Dentry dentry) {
    if (WatchList.any()) {
      both(dentry, ACCESS);
    }
  }

  /** A file's contents or length changed. */
  public static void modified(Dentry dentry) {
    if (WatchList.any()) {
      both(dentry, MODIFY);
    }
  }

  /** A file's attributes changed. */
  public static void attributes(Dentry dentry) {
    if (WatchList.any()) {
      both(dentry, ATTRIB);
    }
  }

  /** A file was opened. */
  static void opened(Dentry dentry) {
    if (WatchList.any()) {
      both(dentry, OPEN);
    }
  }

  /** A description was closed. */
  static void closed(Dentry dentry, boolean writable) {
    if (WatchList.any()) {
      both(dentry, writable ? CLOSE_WRITE : CLOSE_NOWRITE);
    }
  }

  /** A name was made. */
  static void created(Dentry child) {
    if (WatchList.any()) {
      parent(child, CREATE | kind(child), 0);
    }
  }

  /** A name was removed. */
  static void removed(Dentry directory, Dentry child) {
    if (!WatchList.any()) {
      return;
    }
    send(directory.inode(), DELETE | kind(child), 0, child.name());
    Inode inode = child.inode();
    if (inode == null || inode.watchesIfAny() == null) {
      return;
    }
    if (!inode.isDirectory()) {
      send(inode, ATTRIB, 0, null);
    }
    if (inode.isDirectory() || inode.linksLeft() == 0) {
      send(inode, DELETE_SELF, 0, null);
    }
  }

  /** A name moved. */
  static void moved(Dentry oldDirectory, String oldName, Dentry moved) {
    if (!WatchList.any()) {
      return;
    }
    int cookie = COOKIES.incrementAndGet();
    send(oldDirectory.inode(), MOVED_FROM | kind(moved), cookie, oldName);
    parent(moved, MOVED_TO | kind(moved), cookie);
    send(moved.inode(), MOVE_SELF, 0, null);
  }

  /** The last name of a file was taken away outside the sandbox. */
  static void vanished(Inode inode) {
    send(inode, DELETE_SELF, 0, null);
  }

  /**
   * Something happened outside the sandbox to a watched file. Its directory is told on its own.
   *
   * @param events as above; {@link #OVERFLOW} when it is not known what happened
   * @param name the name in the watched directory that it happened to; null for the inode itself
   */
  public static void outside(Inode inode, int events, int cookie, @Nullable String name) {
    send(inode, events, cookie, name);
  }

  private static int kind(Dentry dentry) {
    Inode inode = dentry.inode();
    return inode != null && inode.isDirectory() ? ISDIR : 0;
  }

  private static void both(Dentry dentry, int event) {
    int events = event | kind(dentry);
    parent(dentry, events, 0);
    send(dentry.inode(), events, 0, null);
  }

  private static void parent(Dentry dentry, int events, int cookie) {
    Dentry parent = dentry.parent();
    if (parent != null && !dentry.removed()) {
      send(parent.inode(), events, cookie, dentry.name());
    }
  }

  private static void send(@Nullable Inode inode, int events, int cookie, @Nullable String name) {
    WatchList watches = inode == null ? null : inode.watchesIfAny();
    if (watches != null) {
      watches.send(events, cookie, name);
    }
  }
}
