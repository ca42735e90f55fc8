package dev.bulwark.sentry.fs.gofer;

import dev.bulwark.gofer.Client;
import dev.bulwark.gofer.GoferException;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The inodes of a connection to the Gofer by the numbers of their nodes: one object for a file
 * whatever its names. Inodes live as long as names, open files or mappings refer to them; after
 * that their nodes are given back. Thread-safe; its monitor is a leaf.
 */
final class InodeTable {
  /** How many nodes to collect before they are given back in one message. */
  private static final int BATCH = 128;

  /** How long references take to be enqueued after a collection, at most. */
  private static final int FIRST_MILLISECONDS = 200;

  private static final int NEXT_MILLISECONDS = 5;

  /** What is left when an inode is gone. */
  private static final class Ref extends WeakReference<GoferInode> {
    final long node;
    final @Nullable Descriptors descriptors;

    /** How often the Gofer gave the node; guarded by the table's monitor. */
    int lookups = 1;

    Ref(GoferInode inode, ReferenceQueue<GoferInode> gone) {
      super(inode, gone);
      node = inode.node();
      descriptors = inode.descriptors();
    }
  }

  private final Client client;
  private final Map<Long, Ref> inodes = new HashMap<>();
  private final ReferenceQueue<GoferInode> gone = new ReferenceQueue<>();
  private final long[] nodes = new long[BATCH];
  private final int[] counts = new int[BATCH];
  private int collected;

  InodeTable(Client client) {
    this.client = client;
  }

  /**
   * The inode of a node that the Gofer just gave.
   *
   * @param maker makes it when there is none
   */
  synchronized GoferInode intern(long node, Supplier<GoferInode> maker) {
    Ref ref = inodes.get(node);
    GoferInode known = ref == null ? null : ref.get();
    if (ref != null && known != null) {
      ref.lookups++;
      return known;
    }
    sweep();
    GoferInode made = maker.get();
    inodes.put(node, new Ref(made, gone));
    return made;
  }

  /** Gives the node of an inode back that has no name and no user any more. */
  synchronized void drop(GoferInode inode) {
    Ref ref = inodes.get(inode.node());
    if (ref != null && ref.refersTo(inode)) {
      inodes.remove(ref.node);
      ref.clear();
      collect(ref);
      flush();
    }
  }

  private void sweep() {
    for (Reference<?> ref = gone.poll(); ref != null; ref = gone.poll()) {
      collect((Ref) ref);
    }
  }

  private void collect(Ref ref) {
    inodes.remove(ref.node, ref);
    if (ref.descriptors != null) {
      ref.descriptors.close();
    }
    nodes[collected] = ref.node;
    counts[collected] = ref.lookups;
    collected++;
    if (collected == BATCH) {
      flush();
    }
  }

  private void flush() {
    if (collected == 0) {
      return;
    }
    int n = collected;
    collected = 0;
    try {
      client.forget(java.util.Arrays.copyOf(nodes, n), java.util.Arrays.copyOf(counts, n));
    } catch (GoferException e) {
      return; // the Gofer is dead, and its nodes with it
    }
  }

  /** Gives back what can be, because the Gofer has too many nodes. */
  @SuppressWarnings("SystemGc") // nodes go back when their inodes are collected, not earlier
  void reclaim() {
    System.gc();
    try {
      Reference<? extends GoferInode> ref = gone.remove(FIRST_MILLISECONDS);
      while (ref != null) {
        synchronized (this) {
          collect((Ref) ref);
        }
        ref = gone.remove(NEXT_MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      flush();
    }
  }

  /** How many inodes there are. */
  synchronized int size() {
    sweep();
    return inodes.size();
  }
}
