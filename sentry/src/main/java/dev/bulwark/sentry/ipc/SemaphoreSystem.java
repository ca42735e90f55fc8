package dev.bulwark.sentry.ipc;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The sets of semaphores of a sandbox. Its monitor is the lock of all of them. */
final class SemaphoreSystem {
  /** The most semaphores of a set (SEMMSL). */
  static final int MAX_OF_SET = 32000;

  /** The most semaphores of all sets (SEMMNS), as it is told. */
  static final int MAX_SEMAPHORES = 1024000000;

  /** The most operations of a call (SEMOPM). */
  static final int MAX_OPERATIONS = 500;

  /** The most sets (SEMMNI). */
  static final int MAX_SETS = 32000;

  /**
   * What the Sentry's heap has room for: semaphores, and what is to be undone of them for each
   * process. Linux runs out of memory first too.
   */
  private static final int AFFORDABLE = 4 << 20;

  private static final String HEADER =
      "       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n";

  private final IpcTable<SemaphoreSet> sets = new IpcTable<>(MAX_SETS);
  private final Map<ThreadGroup, Set<SemaphoreSet>> undoers = new HashMap<>();
  private int semaphores;
  private int afforded;

  /** What the info commands tell of all sets together. */
  record Sums(int sets, int semaphores, int highest) {}

  /** semget(2). */
  synchronized int get(int key, int count, int flags, Credentials who) throws ErrnoException {
    if (count < 0 || count > MAX_OF_SET) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return sets.get(
        key,
        flags,
        who,
        found -> {
          if (count > found.count()) {
            throw ErrnoException.of(Errno.EINVAL);
          }
        },
        () -> {
          if (count == 0) {
            throw ErrnoException.of(Errno.EINVAL);
          }
          afford(count);
          semaphores += count;
          return new SemaphoreSet(key, flags, who, count);
        });
  }

  private void afford(int more) throws ErrnoException {
    if (afforded > AFFORDABLE - more) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    afforded += more;
  }

  /**
   * Begins semop(2).
   *
   * @return what waits now when {@link PendingOperations#done} does not hold
   */
  synchronized PendingOperations begin(Task task, int id, List<SemOperation> operations)
      throws ErrnoException {
    SemaphoreSet set = sets.find(id);
    boolean changes = SemaphoreSet.changes(operations);
    boolean undone = false;
    for (SemOperation each : operations) {
      if (each.number() >= set.count()) {
        throw ErrnoException.of(Errno.EFBIG);
      }
      undone |= each.undone();
    }
    set.check(changes ? IpcObject.WRITE : IpcObject.READ, task.credentials());
    if (undone) {
      prepareUndo(set, task.process());
    }
    PendingOperations call = new PendingOperations(task, operations);
    int outcome = set.perform(operations, task.process(), call);
    if (outcome == SemaphoreSet.WAIT) {
      set.await(call);
      return call;
    }
    call.finish(outcome);
    if (outcome == 0 && changes) {
      set.update();
    }
    return call;
  }

  private void prepareUndo(SemaphoreSet set, ThreadGroup process) throws ErrnoException {
    if (!set.hasUndo(process)) {
      afford(set.count());
      set.prepareUndo(process);
      undoers.computeIfAbsent(process, _ -> new HashSet<>()).add(set);
    }
  }

  /**
   * Ends the wait of a call that was interrupted or has waited long enough.
   *
   * @param otherwise the result unless it was carried out at the last moment
   */
  synchronized int end(int id, PendingOperations call, int otherwise) {
    if (call.done()) {
      return call.result();
    }
    try {
      sets.find(id).giveUp(call);
    } catch (ErrnoException e) {
      throw new IllegalStateException("a call waits for a set that is gone");
    }
    return otherwise;
  }

  /** A process has ended. */
  synchronized void exited(ThreadGroup process) {
    Set<SemaphoreSet> its = undoers.remove(process);
    if (its != null) {
      for (SemaphoreSet set : its) {
        afforded -= set.count();
        set.exited(process);
      }
    }
  }

  /** IPC_RMID. */
  synchronized void remove(int id, Credentials who) throws ErrnoException {
    SemaphoreSet set = sets.find(id);
    set.checkOwner(who);
    sets.remove(set);
    semaphores -= set.count();
    afforded -= set.count() * (1 + set.undoers());
    undoers.values().removeIf(its -> its.remove(set) && its.isEmpty());
    set.end();
  }

  /** IPC_SET. */
  synchronized void set(int id, IpcChange change, Credentials who) throws ErrnoException {
    SemaphoreSet set = sets.find(id);
    set.checkOwner(who);
    set.change(change);
  }

  /** IPC_STAT and its kin; as {@link SharedMemorySystem#stat}. */
  synchronized int stat(int number, boolean index, boolean anybody, Credentials who, ByteBuffer to)
      throws ErrnoException {
    SemaphoreSet set = index ? sets.at(number) : sets.find(number);
    if (!anybody) {
      set.check(IpcObject.READ, who);
    }
    set.storeAll(to);
    return set.id();
  }

  /** How many semaphores a set has. */
  synchronized int count(int id) throws ErrnoException {
    return sets.find(id).count();
  }

  /** Asks something of a semaphore. */
  @FunctionalInterface
  interface Question {
    int ask(SemaphoreSet set, int number);
  }

  /** GETVAL and its kin. */
  synchronized int ask(int id, int number, Credentials who, Question question)
      throws ErrnoException {
    SemaphoreSet set = sets.find(id);
    set.check(IpcObject.READ, who);
    if (number < 0 || number >= set.count()) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return question.ask(set, number);
  }

  /** GETALL. */
  synchronized int[] values(int id, Credentials who) throws ErrnoException {
    SemaphoreSet set = sets.find(id);
    set.check(IpcObject.READ, who);
    int[] values = new int[set.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = set.value(i);
    }
    return values;
  }

  /** SETVAL, with a value that is one. */
  synchronized void setValue(Task task, int id, int number, int value) throws ErrnoException {
    SemaphoreSet set = sets.find(id);
    if (number < 0 || number >= set.count()) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    set.check(IpcObject.WRITE, task.credentials());
    set.set(number, value, task.process().pid());
    set.touch();
    set.update();
  }

  /** Checks what SETALL checks before it reads the values; gives how many there are. */
  synchronized int prepareSetAll(int id, Credentials who) throws ErrnoException {
    SemaphoreSet set = sets.find(id);
    set.check(IpcObject.WRITE, who);
    return set.count();
  }

  /** SETALL. */
  synchronized void setValues(Task task, int id, int[] values) throws ErrnoException {
    SemaphoreSet set;
    try {
      set = sets.find(id);
    } catch (ErrnoException e) {
      throw ErrnoException.of(Errno.EIDRM); // removed while the values were read
    }
    for (int i = 0; i < values.length; i++) {
      set.set(i, values[i], task.process().pid());
    }
    set.touch();
    set.update();
  }

  synchronized Sums sums() {
    return new Sums(sets.size(), semaphores, sets.highest());
  }

  synchronized String text() {
    StringBuilder text = new StringBuilder(HEADER);
    for (SemaphoreSet set : sets.all()) {
      text.append(set.line());
    }
    return text.toString();
  }
}
