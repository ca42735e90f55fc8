package dev.bulwark.sentry.wait;

/**
 * Somebody who wants to know when an object may have become ready. It looks at the object itself
 * afterwards; a notice is only a reason to look.
 */
@FunctionalInterface
public interface Waiter {

  /**
   * Something happened. Called by any thread, perhaps with the object's lock held: must neither
   * block nor call back into the object.
   *
   * @param events the {@link PollEvents} that may have become true
   */
  void wake(int events);
}
