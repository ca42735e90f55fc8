package dev.bulwark.sentry.futex;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.UserMemory;

/**
 * The list of locks that a task holds, which it keeps in its own memory so that the kernel can tell
 * others when it ends (set_robust_list(2)). The list may be nonsense: whatever cannot be read ends
 * the walk, and a circle ends at {@link #LIMIT}.
 */
public final class RobustList {
  /** Size of a {@code struct robust_list_head}. */
  public static final int HEAD_SIZE = 24;

  /** How many entries are looked at (ROBUST_LIST_LIMIT). */
  public static final int LIMIT = 2048;

  private static final int OFFSET = 8;
  private static final int PENDING = 16;

  /** The lowest bit of a link marks a lock with priority inheritance. */
  private static final long INHERITING = 1;

  private static final int WAITERS = 0x80000000;
  private static final int OWNER_DIED = 0x40000000;
  private static final int TID_MASK = 0x3fffffff;

  private RobustList() {}

  /** Marks the locks of the calling task, which leaves its memory, and wakes one waiter of each. */
  public static void release(Task task) {
    long head = task.robustList();
    task.setRobustList(0);
    if (head == 0) {
      return;
    }
    try {
      walk(task, head);
    } catch (ErrnoException e) {
      return; // a broken list is the application's own loss
    }
  }

  private static void walk(Task task, long head) throws ErrnoException {
    UserMemory memory = task.memory();
    long entry = memory.getLong(head);
    long offset = memory.getLong(head + OFFSET);
    long pending = memory.getLong(head + PENDING);
    for (int i = 0; i < LIMIT && (entry & ~INHERITING) != head; i++) {
      long at = entry & ~INHERITING;
      // The next link is read first: once the lock is released, its memory may be reused.
      long next = 0;
      ErrnoException broken = null;
      try {
        next = memory.getLong(at);
      } catch (ErrnoException e) {
        broken = e;
      }
      if (at != (pending & ~INHERITING)) {
        release(task, at + offset, (entry & INHERITING) != 0, false);
      }
      if (broken != null) {
        throw broken;
      }
      entry = next;
    }
    if ((pending & ~INHERITING) != 0) {
      release(task, (pending & ~INHERITING) + offset, (pending & INHERITING) != 0, true);
    }
  }

  /**
   * One lock.
   *
   * @param pending whether the task was about to take or release it
   */
  private static void release(Task task, long address, boolean inheriting, boolean pending)
      throws ErrnoException {
    if (!(task.memory() instanceof FutexMemory memory)) {
      throw ErrnoException.of(Errno.EFAULT);
    }
    FutexWord word = memory.futexWord(address, true);
    while (true) {
      int value = word.load();
      if (pending && !inheriting && value == 0) {
        wakeOne(task, memory, address); // it was released, and the wake perhaps not sent any more
        return;
      }
      if ((value & TID_MASK) != task.tid()) {
        return;
      }
      if (word.compareAndSet(value, (value & WAITERS) | OWNER_DIED)) {
        if (!inheriting && (value & WAITERS) != 0) {
          wakeOne(task, memory, address);
        }
        return;
      }
    }
  }

  private static void wakeOne(Task task, FutexMemory memory, long address) throws ErrnoException {
    task.kernel().futexes().wake(memory.futexKey(address, false), 1, FutexTable.ANY);
  }
}
