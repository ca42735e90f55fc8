package dev.bulwark.sentry.fs.epoll;

import dev.bulwark.sentry.wait.PollEvents;

/** Bits of {@code epoll_event.events} that poll(2) does not have. */
public final class EpollEvents {
  /** One waiter of several is enough. */
  public static final int EXCLUSIVE = 1 << 28;

  /** Keeps the system awake; without CAP_BLOCK_SUSPEND Linux drops it, and so does this kernel. */
  public static final int WAKEUP = 1 << 29;

  /** Disabled after one report. */
  public static final int ONESHOT = 1 << 30;

  /** Reported once for each change. */
  public static final int EDGE = 1 << 31;

  /** What does not name an event. */
  static final int PRIVATE = EXCLUSIVE | WAKEUP | ONESHOT | EDGE;

  /** What {@link #EXCLUSIVE} may be combined with. */
  static final int EXCLUSIVE_OK =
      PollEvents.IN | PollEvents.OUT | PollEvents.ERR | PollEvents.HUP | WAKEUP | EDGE | EXCLUSIVE;

  private EpollEvents() {}
}
