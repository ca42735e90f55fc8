package dev.bulwark.sentry.fs.gofer;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.util.ArrayList;
import java.util.List;

/**
 * Bounds how many donated descriptors the Sentry holds, since a process can only have so many. What
 * was not used lately is closed first, in the order of a clock. Thread-safe; its monitor is a leaf.
 */
public final class DescriptorBudget {
  private final int capacity;
  private final List<Donated> held = new ArrayList<>();
  private int hand;

  /**
   * A budget.
   *
   * @param capacity how many descriptors to hold at most
   */
  public DescriptorBudget(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Counts a new descriptor, and closes another one when there are too many.
   *
   * @throws ErrnoException ENFILE when all others are in use or mapped
   */
  synchronized void enter(Donated donated) throws ErrnoException {
    if (held.size() < capacity) {
      donated.slot = held.size();
      held.add(donated);
      return;
    }
    for (int i = 0; i < 2 * capacity; i++) {
      hand = (hand + 1) % capacity;
      Donated oldest = held.get(hand);
      if (!oldest.takeRecent() && oldest.closeIfIdle()) {
        oldest.slot = -1;
        donated.slot = hand;
        held.set(hand, donated);
        return;
      }
    }
    throw ErrnoException.of(Errno.ENFILE);
  }

  /** No longer counts a descriptor that was given up. */
  synchronized void leave(Donated donated) {
    if (donated.slot < 0) {
      return;
    }
    Donated last = held.removeLast();
    if (!last.equals(donated)) {
      held.set(donated.slot, last);
      last.slot = donated.slot;
    }
    donated.slot = -1;
    if (hand >= held.size()) {
      hand = 0;
    }
  }

  /** How many descriptors are held. */
  synchronized int size() {
    return held.size();
  }
}
