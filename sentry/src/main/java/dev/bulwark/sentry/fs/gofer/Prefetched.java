package dev.bulwark.sentry.fs.gofer;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Inodes that came with a listing of their directory and were not looked up yet: most who list a
 * directory ask for the attributes of what is in it next. Thread-safe; its monitor is a leaf.
 */
final class Prefetched {
  private static final int MAX = 2048;

  private final Map<String, GoferInode> inodes = new HashMap<>();
  private long asked;

  /** Nothing yet. */
  Prefetched() {}

  /**
   * Keeps some more.
   *
   * @param when they were asked for
   */
  synchronized void put(Map<String, GoferInode> more, long when) {
    asked = when;
    if (inodes.size() + more.size() > MAX) {
      inodes.clear();
    }
    inodes.putAll(more);
  }

  /** The inode of a name, which is taken out. */
  synchronized @Nullable GoferInode take(String name) {
    return inodes.remove(name);
  }

  /** When the last of them were asked for. */
  synchronized long asked() {
    return asked;
  }

  /** A name changed. */
  synchronized void remove(String name) {
    inodes.remove(name);
  }

  synchronized void clear() {
    inodes.clear();
  }
}
