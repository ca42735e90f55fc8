package dev.bulwark.sentry.fs.mqueue;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import java.util.HashMap;
import java.util.Map;

/**
 * What queues may take: how many there are, how many bytes each user has (RLIMIT_MSGQUEUE), and all
 * users together of the Sentry's heap. Bytes count when a queue is made, full or not. Thread-safe.
 */
final class QueueBudget {
  private static final int MOST_QUEUES = 256;
  private static final long AFFORDABLE = 64L << 20;

  private final Map<Integer, Long> ofUser = new HashMap<>();
  private int queues;
  private long bytes;

  /**
   * Takes what a queue needs.
   *
   * @param limit of the user, in bytes
   * @throws ErrnoException ENOSPC for too many, EMFILE for too many bytes of the user's, ENOMEM
   */
  synchronized void take(long more, Credentials who, long limit) throws ErrnoException {
    if (queues >= MOST_QUEUES && !who.has(Capability.SYS_RESOURCE)) {
      throw ErrnoException.of(Errno.ENOSPC);
    }
    long before = ofUser.getOrDefault(who.uid(), 0L);
    if (Long.compareUnsigned(before + more, limit) > 0) {
      throw ErrnoException.of(Errno.EMFILE);
    }
    if (bytes + more > AFFORDABLE) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    queues++;
    bytes += more;
    ofUser.put(who.uid(), before + more);
  }

  /** Gives it back. */
  synchronized void give(long less, int uid) {
    queues--;
    bytes -= less;
    ofUser.merge(uid, -less, Long::sum);
    ofUser.remove(uid, 0L);
  }
}
