package dev.bulwark.sentry.fs.epoll;

import dev.bulwark.linux.Errno;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all Epolls of a sandbox share: the limit of watched files and the rules of nesting.
 * Thread-safe.
 */
public final class EpollSystem {
  /** /proc/sys/fs/epoll/max_user_watches. */
  public static final int MAX_WATCHES = 1 << 18;

  /** How many Epolls may be watched one through another (EP_MAX_NESTS). */
  private static final int MAX_NESTS = 4;

  /**
   * How many ways may lead from one Epoll up through others, by their length, so that one event
   * does not set off a storm of wakes.
   */
  private static final int[] PATH_LIMITS = {1000, 500, 100, 50, 10};

  private final AtomicInteger watches = new AtomicInteger();

  /** A system without Epolls. */
  public EpollSystem() {}

  /** Counts one more watched file; false when there are too many (ENOSPC). */
  boolean watch() {
    if (watches.incrementAndGet() > MAX_WATCHES) {
      watches.decrementAndGet();
      return false;
    }
    return true;
  }

  void unwatch() {
    watches.decrementAndGet();
  }

  /** How many files are watched. */
  public int watches() {
    return watches.get();
  }

  /**
   * Notes that one Epoll comes to watch another.
   *
   * @return 0, or negated: ELOOP for a cycle or too deep a chain, EINVAL for too many ways
   */
  synchronized int nest(Epoll outer, Epoll inner) {
    IdentityHashMap<Epoll, Integer> below = new IdentityHashMap<>();
    int depth = depth(inner, below);
    if (below.containsKey(outer) || depth + 1 + height(outer) > MAX_NESTS) {
      return -Errno.ELOOP;
    }
    outer.inner.add(inner);
    inner.outer.add(outer);
    for (Epoll affected : below.keySet()) {
      if (tooManyPaths(affected, 0, new int[PATH_LIMITS.length])) {
        unnest(outer, inner);
        return -Errno.EINVAL;
      }
    }
    return 0;
  }

  synchronized void unnest(Epoll outer, Epoll inner) {
    outer.inner.remove(inner);
    inner.outer.remove(outer);
  }

  /**
   * The longest chain below an Epoll.
   *
   * @param known the depths found so far; gets all that lie below, so that each is looked at once
   */
  private static int depth(Epoll from, Map<Epoll, Integer> known) {
    Integer before = known.get(from);
    if (before != null) {
      return before;
    }
    int deepest = 0;
    for (Epoll next : from.inner) {
      deepest = Math.max(deepest, 1 + depth(next, known));
    }
    known.put(from, deepest);
    return deepest;
  }

  /** The longest chain above an Epoll, which the limit of paths keeps small. */
  private static int height(Epoll from) {
    int highest = 0;
    for (Epoll next : from.outer) {
      highest = Math.max(highest, 1 + height(next));
    }
    return highest;
  }

  private static boolean tooManyPaths(Epoll from, int length, int[] counts) {
    for (Epoll next : from.outer) {
      if (length >= PATH_LIMITS.length
          || ++counts[length] > PATH_LIMITS[length]
          || tooManyPaths(next, length + 1, counts)) {
        return true;
      }
    }
    return false;
  }
}
