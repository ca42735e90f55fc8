package dev.bulwark.sentry.kernel;

import dev.bulwark.linux.Errno;
import java.util.BitSet;

/**
 * Hands out process, thread, group and session identifiers as Linux does: upwards from 1, and after
 * the highest again from 300, passing those in use. Guarded by the lock of the {@link ProcessTree}.
 */
final class PidTable {
  /** What {@code /proc/sys/kernel/pid_max} says: identifiers stay below it. */
  static final int LIMIT = 32768;

  /** Linux keeps the first ones for daemons once it has wrapped (RESERVED_PIDS). */
  private static final int FIRST_AFTER_WRAP = 300;

  private final BitSet used = new BitSet(LIMIT);
  private int last;

  PidTable() {
    used.set(0);
  }

  /** A free identifier, or EAGAIN negated when all are taken. */
  int allocate() {
    int free = used.nextClearBit(last + 1);
    if (free >= LIMIT) {
      free = used.nextClearBit(FIRST_AFTER_WRAP);
      if (free >= LIMIT) {
        return -Errno.EAGAIN;
      }
    }
    used.set(free);
    last = free;
    return free;
  }

  void release(int id) {
    used.clear(id);
  }
}
