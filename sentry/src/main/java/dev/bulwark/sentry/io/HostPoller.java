package dev.bulwark.sentry.io;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Watches host descriptors that can block, with one thread for all, and wakes the queues of the
 * files behind them. It reports changes (edges), so that data nobody reads costs no CPU: look at
 * the descriptor after hanging a waiter on its queue. Thread-safe.
 */
public final class HostPoller {
  private static final int EPOLL_CLOEXEC = 02000000;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLLET = 1 << 31;
  private static final int WATCHED =
      PollEvents.IN | PollEvents.PRI | PollEvents.OUT | PollEvents.RDHUP | EPOLLET;

  /** struct epoll_event is packed on x86-64. */
  private static final int EVENT_SIZE = 12;

  private static final int BATCH = 16;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private final int epoll;
  private final ConcurrentHashMap<Integer, WaitQueue> queues = new ConcurrentHashMap<>();

  /** Starts the thread, which ends with the process. */
  public HostPoller() throws HostException {
    epoll =
        (int)
            HostCall.check(
                HostCall.call(Sys.EPOLL_CREATE1, EPOLL_CLOEXEC), "making an epoll for host files");
    Thread.ofPlatform().name("host-poller").daemon().start(this::run);
  }

  /**
   * Wakes a queue whenever a descriptor's readiness changes.
   *
   * @return false when the descriptor is of a kind that never blocks, such as a plain file
   */
  public boolean watch(int fd, WaitQueue queue) {
    queues.put(fd, queue);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(EVENT_SIZE);
      event.set(INT, 0, WATCHED);
      event.set(INT, 4, fd);
      if (HostCall.call(Sys.EPOLL_CTL, epoll, EPOLL_CTL_ADD, fd, event.address()) == 0) {
        return true;
      }
    }
    queues.remove(fd);
    return false;
  }

  /** Stops watching a descriptor; to be called before it is closed. */
  public void forget(int fd) {
    if (queues.remove(fd) != null) {
      HostCall.call(Sys.EPOLL_CTL, epoll, EPOLL_CTL_DEL, fd, 0);
    }
  }

  /** The {@link PollEvents} that hold for a descriptor now. */
  public static int ready(int fd) {
    int asked = PollEvents.ALWAYS_READY | PollEvents.PRI | PollEvents.RDHUP;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment entry = arena.allocate(8, 4);
      entry.set(ValueLayout.JAVA_INT, 0, fd);
      entry.set(ValueLayout.JAVA_SHORT, 4, (short) asked);
      long r = HostCall.call(Sys.POLL, entry.address(), 1, 0);
      return r <= 0 ? 0 : entry.get(ValueLayout.JAVA_SHORT, 6) & 0xffff;
    }
  }

  private void run() {
    MemorySegment events = Arena.ofAuto().allocate((long) EVENT_SIZE * BATCH);
    while (true) {
      long n = HostCall.call(Sys.EPOLL_WAIT, epoll, events.address(), BATCH, -1);
      if (n < 0 && n != -Errno.EINTR) {
        throw new IllegalStateException("epoll_wait: " + Errno.describe((int) -n));
      }
      for (int i = 0; i < n; i++) {
        WaitQueue queue = queues.get(events.get(INT, (long) i * EVENT_SIZE + 4));
        if (queue != null) {
          queue.wake(withBands(events.get(INT, (long) i * EVENT_SIZE)));
        }
      }
    }
  }

  /** Adds the names under which the same readiness is also waited for. */
  private static int withBands(int events) {
    return events
        | ((events & PollEvents.IN) != 0 ? PollEvents.RDNORM : 0)
        | ((events & PollEvents.OUT) != 0 ? PollEvents.WRNORM : 0);
  }
}
