package dev.bulwark.sentry.fs.inotify;

import dev.bulwark.sentry.vfs.FileEvents;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.Watch;
import org.jspecify.annotations.Nullable;

/** The interest of one queue in one file; keeps the file's name in memory. */
final class InotifyWatch implements Watch {
  private static final int ONESHOT = 0x80000000;

  private final InotifyFile file;
  private final int number;
  private final Location location;
  private volatile int mask;

  InotifyWatch(InotifyFile file, int number, Location location, int mask) {
    this.file = file;
    this.number = number;
    this.location = location;
    this.mask = mask;
  }

  int number() {
    return number;
  }

  Inode inode() {
    return location.inode();
  }

  int mask() {
    return mask;
  }

  void setMask(int next) {
    mask = next;
  }

  @Override
  public void event(int events, int cookie, @Nullable String name) {
    int wanted = mask;
    if ((events & FileEvents.OVERFLOW) != 0) {
      file.lost();
      return;
    }
    if ((events & wanted & InotifyFile.ALL_EVENTS) != 0) {
      // What happens to the watched directory itself is told without saying that it is one, twice.
      boolean self = (events & (FileEvents.DELETE_SELF | FileEvents.MOVE_SELF)) != 0;
      file.add(number, self ? events & ~FileEvents.ISDIR : events, cookie, name);
      if ((wanted & ONESHOT) != 0) {
        file.end(this);
        return;
      }
    }
    if ((events & FileEvents.DELETE_SELF) != 0) {
      file.end(this);
    }
  }
}
