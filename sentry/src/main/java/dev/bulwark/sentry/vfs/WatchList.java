package dev.bulwark.sentry.vfs;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Those that watch one inode. Thread-safe. */
public final class WatchList {
  /** How many watches there are at all, so that files that nobody watches pay nothing. */
  private static final AtomicInteger ALL = new AtomicInteger();

  private final List<Watch> watches = new CopyOnWriteArrayList<>();

  /** Nobody watches. */
  WatchList() {}

  static boolean any() {
    return ALL.get() > 0;
  }

  /** Adds a watch. */
  public void add(Watch watch) {
    watches.add(watch);
    ALL.incrementAndGet();
  }

  /** Takes a watch away. */
  public void remove(Watch watch) {
    if (watches.remove(watch)) {
      ALL.decrementAndGet();
    }
  }

  void send(int events, int cookie, @Nullable String name) {
    for (Watch watch : watches) {
      watch.event(events, cookie, name);
    }
  }
}
