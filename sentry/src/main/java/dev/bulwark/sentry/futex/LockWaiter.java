package dev.bulwark.sentry.futex;

import org.jspecify.annotations.Nullable;

/**
 * A task that waits on one futex to be queued up for a lock (FUTEX_WAIT_REQUEUE_PI). Guarded by the
 * monitor of its bucket until it has a claim.
 */
final class LockWaiter {
  /** The lock that it names; a requeue to another one is refused. */
  final FutexKey key;

  /** Its place in the queue for the lock, once it was requeued. */
  volatile OwnedFutexes.@Nullable Claim claim;

  LockWaiter(FutexKey key) {
    this.key = key;
  }

  /** Whether it has the lock. */
  boolean granted() {
    OwnedFutexes.Claim now = claim;
    return now != null && now.granted;
  }
}
