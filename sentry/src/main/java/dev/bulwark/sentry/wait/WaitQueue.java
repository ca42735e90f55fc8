package dev.bulwark.sentry.wait;

import java.util.ArrayList;
import java.util.List;

/** The waiters of one object, in the order in which they came. Thread-safe. */
public final class WaitQueue {
  private record Entry(Waiter waiter, int mask) {}

  private List<Entry> entries = List.of();
  private volatile Runnable onWaiting = WaitQueue::nothing;

  /** An empty queue. */
  public WaitQueue() {}

  private static void nothing() {}

  /**
   * Has something run after each {@link #add}, so that nobody need watch the object while nobody
   * waits. It must not wait for anything.
   */
  public void onWaiting(Runnable prepare) {
    onWaiting = prepare;
  }

  /**
   * Hangs a waiter on the object. To miss nothing, look at the object after this, not before.
   *
   * @param mask the events it wants; ERR and HUP are always included
   */
  public void add(Waiter waiter, int mask) {
    synchronized (this) {
      List<Entry> next = new ArrayList<>(entries.size() + 1);
      next.addAll(entries);
      next.add(new Entry(waiter, mask | PollEvents.ERR | PollEvents.HUP));
      entries = next;
    }
    onWaiting.run();
  }

  /** Takes a waiter off; one that is not there is no error. A notice may still be on its way. */
  public synchronized void remove(Waiter waiter) {
    List<Entry> next = new ArrayList<>(entries);
    if (next.removeIf(entry -> entry.waiter.equals(waiter))) {
      entries = next;
    }
  }

  /** Tells all waiters that want any of {@code events}. */
  public void wake(int events) {
    List<Entry> now;
    synchronized (this) {
      now = entries;
    }
    for (int i = 0; i < now.size(); i++) {
      Entry entry = now.get(i);
      if ((entry.mask & events) != 0) {
        entry.waiter.wake(events);
      }
    }
  }

  /** Whether nobody waits. */
  public synchronized boolean isEmpty() {
    return entries.isEmpty();
  }
}
