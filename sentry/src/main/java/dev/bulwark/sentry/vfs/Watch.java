package dev.bulwark.sentry.vfs;

import org.jspecify.annotations.Nullable;

/** Somebody's interest in what happens to one inode (inotify(7)). Thread-safe. */
public interface Watch {

  /**
   * Something happened. Called with locks of the file system held: must only note it.
   *
   * @param events bits of {@link FileEvents}
   * @param cookie ties the two halves of a rename together; else 0
   * @param name the name in the watched directory that it happened to; null for the inode itself
   */
  void event(int events, int cookie, @Nullable String name);
}
