package dev.bulwark.sentry.ipc;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.ThreadGroup;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A set of semaphores. Guarded by the lock of its system. */
final class SemaphoreSet extends IpcObject {
  /** Size of {@code struct semid64_ds}. */
  static final int SIZE = 104;

  /** The highest value of a semaphore (SEMVMX), and of what is to be undone (SEMAEM). */
  static final int HIGHEST = 32767;

  /** The result of {@link #perform} when it has to wait. */
  static final int WAIT = 1;

  private final int[] values;
  private final int[] pids;
  private final ArrayDeque<PendingOperations> pending = new ArrayDeque<>();

  /** What is added to each semaphore when a process ends. */
  private final Map<ThreadGroup, short[]> undo = new HashMap<>();

  private long operated;

  SemaphoreSet(int key, int mode, Credentials owner, int count) {
    super(key, mode, owner);
    values = new int[count];
    pids = new int[count];
  }

  int count() {
    return values.length;
  }

  int value(int number) {
    return values[number];
  }

  int pid(int number) {
    return pids[number];
  }

  boolean hasUndo(ThreadGroup process) {
    return undo.containsKey(process);
  }

  /** Prepares for what a process may have to undo. */
  void prepareUndo(ThreadGroup process) {
    undo.computeIfAbsent(process, _ -> new short[values.length]);
  }

  /** How many processes may have something to undo. */
  int undoers() {
    return undo.size();
  }

  /**
   * Carries operations out, all or none.
   *
   * @param waiting what to note the blocking operation in, or null
   * @return 0, {@link #WAIT}, or negated: EAGAIN, ERANGE
   */
  int perform(
      List<SemOperation> operations, ThreadGroup process, @Nullable PendingOperations waiting) {
    short[] adjustments = undo.get(process);
    int done = 0;
    int outcome = 0;
    for (SemOperation each : operations) {
      int number = each.number();
      int value = values[number];
      if ((each.change() == 0 && value != 0) || value + each.change() < 0) {
        outcome = each.waits() ? WAIT : -Errno.EAGAIN;
      } else if (value + each.change() > HIGHEST) {
        outcome = -Errno.ERANGE;
      } else if (each.undone() && each.change() != 0 && adjustments != null) {
        int adjustment = adjustments[number] - each.change();
        if (adjustment < -HIGHEST - 1 || adjustment > HIGHEST) {
          outcome = -Errno.ERANGE;
        } else {
          adjustments[number] = (short) adjustment;
        }
      }
      if (outcome != 0) {
        if (waiting != null) {
          waiting.blocking = each;
        }
        break;
      }
      values[number] += each.change();
      done++;
    }
    if (outcome != 0) {
      takeBack(operations.subList(0, done), adjustments);
      return outcome;
    }
    for (SemOperation each : operations) {
      pids[each.number()] = process.pid();
    }
    operated = seconds();
    return 0;
  }

  private void takeBack(List<SemOperation> operations, short @Nullable [] adjustments) {
    for (SemOperation each : operations) {
      values[each.number()] -= each.change();
      if (each.undone() && adjustments != null) {
        adjustments[each.number()] += (short) each.change();
      }
    }
  }

  void await(PendingOperations waiting) {
    pending.add(waiting);
  }

  void giveUp(PendingOperations waiting) {
    pending.remove(waiting);
  }

  /** Carries out what can be now that values have changed, in the order in which it came. */
  void update() {
    boolean again = true;
    while (again) {
      again = false;
      Iterator<PendingOperations> all = pending.iterator();
      while (all.hasNext()) {
        PendingOperations next = all.next();
        int outcome = perform(next.operations, next.task.process(), next);
        if (outcome == WAIT) {
          continue;
        }
        all.remove();
        next.finish(outcome);
        again |= outcome == 0 && changes(next.operations);
      }
    }
  }

  static boolean changes(List<SemOperation> operations) {
    for (SemOperation each : operations) {
      if (each.change() != 0) {
        return true;
      }
    }
    return false;
  }

  /** Ends all waits because the set is gone. */
  void end() {
    pending.forEach(waiting -> waiting.finish(-Errno.EIDRM));
    pending.clear();
    undo.clear();
  }

  /** How many calls wait for a semaphore to grow, or to be zero. */
  int waiting(int number, boolean forZero) {
    int count = 0;
    for (PendingOperations each : pending) {
      SemOperation blocking = each.blocking;
      if (blocking != null && blocking.number() == number && (blocking.change() == 0) == forZero) {
        count++;
      }
    }
    return count;
  }

  /** SETVAL of one semaphore: nobody undoes anything of it any more. */
  void set(int number, int value, int pid) {
    values[number] = value;
    pids[number] = pid;
    for (short[] adjustments : undo.values()) {
      adjustments[number] = 0;
    }
  }

  /** A process has ended: undoes what it asked to be undone. */
  void exited(ThreadGroup process) {
    short[] adjustments = undo.remove(process);
    if (adjustments == null) {
      return;
    }
    for (int number = 0; number < values.length; number++) {
      if (adjustments[number] != 0) {
        values[number] = Math.clamp(values[number] + adjustments[number], 0, HIGHEST);
        pids[number] = process.pid();
      }
    }
    operated = seconds();
    update();
  }

  /** The C structure. */
  void storeAll(ByteBuffer to) {
    store(to);
    to.putLong(48, operated).putLong(64, changed()).putLong(80, values.length);
  }

  /** The line of /proc/sysvipc/sem. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%10d %10d  %4o %10d %s %10d %10d\n",
        key(),
        id(),
        mode(),
        values.length,
        owners(),
        operated,
        changed());
  }
}
