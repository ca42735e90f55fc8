package dev.bulwark.sentry.signal;

import dev.bulwark.linux.Errno;
import org.jspecify.annotations.Nullable;

/**
 * Signals that were sent and not yet taken: of a task, or of a whole process. A standard signal is
 * pending once, a real-time signal any number of times, in order. Guarded by the lock of the {@link
 * ProcessSignals} that owns it.
 */
final class PendingSignals {
  private static final class Entry {
    final SignalInfo info;
    final @Nullable QueuedSignal owner;
    final int uid;
    @Nullable Entry next;

    Entry(SignalInfo info, @Nullable QueuedSignal owner, int uid) {
      this.info = info;
      this.owner = owner;
      this.uid = uid;
    }
  }

  private final SignalBudget budget;
  private long set;

  /** First and last entry of each signal; made when the first signal comes. */
  private @Nullable Entry @Nullable [] first;

  private @Nullable Entry @Nullable [] last;

  PendingSignals(SignalBudget budget) {
    this.budget = budget;
  }

  /** The signals that are pending. */
  long set() {
    return set;
  }

  /**
   * Adds a signal. A standard one that is pending already is dropped, as success.
   *
   * @param owner the owner of the entry when it must not be counted, or null
   * @param uid the user to count the entry against
   * @param limit RLIMIT_SIGPENDING
   * @return 0, 1 when a standard signal was pending already, or EAGAIN negated when a real-time
   *     signal with information finds no room
   */
  int add(SignalInfo info, @Nullable QueuedSignal owner, int uid, long limit) {
    int signal = info.signo();
    boolean standard = signal < Signals.RTMIN;
    if (standard && SignalSet.has(set, signal)) {
      return 1;
    }
    if (owner == null) {
      // Standard signals of the kernel, and plain kill(2), are let through: at most 31 in a queue.
      if (standard && info.code() >= 0) {
        budget.force(uid);
      } else if (!budget.take(uid, limit)) {
        if (!standard && info.code() != SignalInfo.SI_USER) {
          return -Errno.EAGAIN;
        }
        set |= SignalSet.bit(signal); // pending, but without its information
        return 0;
      }
    }
    append(signal, new Entry(info, owner, uid));
    set |= SignalSet.bit(signal);
    return 0;
  }

  private void append(int signal, Entry entry) {
    @Nullable Entry[] heads = first;
    @Nullable Entry[] tails = last;
    if (heads == null || tails == null) {
      heads = first = new @Nullable Entry[Signals.MAX + 1];
      tails = last = new @Nullable Entry[Signals.MAX + 1];
    }
    Entry tail = tails[signal];
    if (tail == null) {
      heads[signal] = entry;
    } else {
      tail.next = entry;
    }
    tails[signal] = entry;
  }

  /** Takes the signal that comes first among {@code wanted}, or gives null. */
  @Nullable SignalInfo take(long wanted) {
    int signal = SignalSet.first(set & wanted);
    return signal == 0 ? null : takeOne(signal);
  }

  /** Takes a fault that the kernel reported, among {@code wanted}; or gives null. */
  @Nullable SignalInfo takeSynchronous(long wanted) {
    long candidates = set & wanted & SignalSet.SYNCHRONOUS;
    while (candidates != 0) {
      int signal = SignalSet.first(candidates);
      Entry head = first == null ? null : first[signal];
      if (head != null && head.info.code() > SignalInfo.SI_USER) {
        return takeOne(signal);
      }
      candidates &= ~SignalSet.bit(signal);
    }
    return null;
  }

  private SignalInfo takeOne(int signal) {
    Entry entry = unlink(signal);
    if (entry == null) {
      // No room for its information: Linux shows a kill(2) of nobody.
      return new SignalInfo(signal, SignalInfo.SI_USER, 0, 0, 0, 0, 0);
    }
    return entry.owner == null ? entry.info : entry.owner.collect(entry.info);
  }

  /** Takes an entry off; the signal stays pending while there are more. */
  private @Nullable Entry unlink(int signal) {
    Entry entry = first == null ? null : first[signal];
    if (first == null || last == null || entry == null) {
      set &= ~SignalSet.bit(signal);
      return null;
    }
    first[signal] = entry.next;
    if (entry.next == null) {
      last[signal] = null;
      set &= ~SignalSet.bit(signal);
    }
    if (entry.owner == null) {
      budget.give(entry.uid);
    }
    return entry;
  }

  /** Throws signals away. */
  void discard(long signals) {
    long doomed = set & signals;
    while (doomed != 0) {
      int signal = Long.numberOfTrailingZeros(doomed) + 1;
      Entry entry = unlink(signal);
      if (entry != null && entry.owner != null) {
        entry.owner.discarded();
      }
      doomed = set & signals;
    }
  }
}
