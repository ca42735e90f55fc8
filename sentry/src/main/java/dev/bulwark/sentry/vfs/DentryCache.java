package dev.bulwark.sentry.vfs;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the names of a file system that were used lately. Directories refer to their names weakly,
 * names to their directories strongly: so a name lives as long as anybody works with it or with
 * something below, and no longer, but for those that are kept here. Thread-safe.
 *
 * <p>The order is that of a clock: a name that was used since the hand last passed is spared once.
 */
final class DentryCache {
  /** What a name, its inode and its attributes take of the heap, in bytes; measured. */
  private static final int WEIGHT = 640;

  /** One file system's names may take this part of the heap. */
  private static final int SHARE = 12;

  /** How many names a file system keeps, by the memory there is. */
  static final int DEFAULT_CAPACITY =
      Math.clamp(Runtime.getRuntime().maxMemory() / SHARE / WEIGHT, 4096, 1 << 18);

  /** A directory's reference to one of its names. */
  static final class Ref extends WeakReference<Dentry> {
    private final ConcurrentHashMap<String, Ref> holder;
    private final String name;

    Ref(
        Dentry dentry,
        ConcurrentHashMap<String, Ref> holder,
        String name,
        ReferenceQueue<Dentry> gone) {
      super(dentry, gone);
      this.holder = holder;
      this.name = name;
    }
  }

  private final int capacity;
  private final List<Dentry> ring = new ArrayList<>();
  private final ReferenceQueue<Dentry> gone = new ReferenceQueue<>();
  private int hand;

  DentryCache(int capacity) {
    this.capacity = capacity;
  }

  /** Enters a name into its directory's map, and keeps it for a while. */
  void enter(Dentry dentry, ConcurrentHashMap<String, Ref> holder, String name) {
    holder.put(name, new Ref(dentry, holder, name, gone));
    sweep();
    keep(dentry);
  }

  private void sweep() {
    for (Object ref = gone.poll(); ref != null; ref = gone.poll()) {
      Ref dead = (Ref) ref;
      dead.holder.remove(dead.name, dead);
    }
  }

  private synchronized void keep(Dentry dentry) {
    if (ring.size() < capacity) {
      ring.add(dentry);
      return;
    }
    if (capacity == 0) {
      return;
    }
    while (ring.get(hand).takeUsed()) {
      hand = (hand + 1) % capacity;
    }
    ring.set(hand, dentry);
    hand = (hand + 1) % capacity;
  }
}
