package dev.bulwark.sentry.io;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostSocket;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Watches host descriptors that can block, with one thread for all, and wakes the queues of the
 * files behind them. It reports changes (edges), so that data nobody reads costs no CPU, and it
 * stops to look at a descriptor when something happens to it while nobody waits, until somebody
 * does: look at the descriptor after hanging a waiter on its queue. Thread-safe.
 */
public final class HostPoller {
  private static final int EPOLL_CLOEXEC = 02000000;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLL_CTL_MOD = 3;
  private static final int EPOLLET = 1 << 31;
  private static final int WATCHED =
      PollEvents.IN | PollEvents.PRI | PollEvents.OUT | PollEvents.RDHUP | EPOLLET;

  /** struct epoll_event is packed on x86-64. */
  private static final int EVENT_SIZE = 12;

  private static final int BATCH = 16;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private final int epoll;
  private final ConcurrentHashMap<Integer, Watched> watched = new ConcurrentHashMap<>();

  /** A descriptor that is watched; its monitor guards what the host was told of it. */
  private final class Watched {
    private final int fd;
    private final WaitQueue queue;
    private volatile boolean armed = true;
    private boolean forgotten;

    Watched(int fd, WaitQueue queue) {
      this.fd = fd;
      this.queue = queue;
    }

    /** Somebody waits. */
    void arm() {
      if (!armed) {
        synchronized (this) {
          set(true);
        }
      }
    }

    /** Something happened and nobody waited. */
    synchronized void disarm() {
      set(false);
      // Whoever came in between has seen that it was armed, or arms it after us.
      if (!queue.isEmpty()) {
        set(true);
      }
    }

    private void set(boolean next) {
      if (armed == next || forgotten) {
        return;
      }
      armed = next;
      control(EPOLL_CTL_MOD, fd, next ? WATCHED : EPOLLET);
    }

    synchronized void forget() {
      forgotten = true;
      HostCall.call(Sys.EPOLL_CTL, epoll, EPOLL_CTL_DEL, fd, 0);
    }
  }

  /** Starts the thread, which ends with the process. */
  public HostPoller() throws HostException {
    epoll =
        (int)
            HostCall.check(
                HostCall.call(Sys.EPOLL_CREATE1, EPOLL_CLOEXEC), "making an epoll for host files");
    Thread.ofPlatform().name("host-poller").daemon().start(this::run);
  }

  private long control(int operation, int fd, int events) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(EVENT_SIZE);
      event.set(INT, 0, events);
      event.set(INT, 4, fd);
      return HostCall.call(Sys.EPOLL_CTL, epoll, operation, fd, event.address());
    }
  }

  /**
   * Wakes a queue whenever a descriptor's readiness changes and somebody waits there.
   *
   * @return false when the descriptor is of a kind that never blocks, such as a plain file
   */
  public boolean watch(int fd, WaitQueue queue) {
    Watched made = new Watched(fd, queue);
    watched.put(fd, made);
    queue.onWaiting(made::arm);
    if (control(EPOLL_CTL_ADD, fd, WATCHED) == 0) {
      return true;
    }
    watched.remove(fd);
    return false;
  }

  /** Stops watching a descriptor; to be called before it is closed. */
  public void forget(int fd) {
    Watched known = watched.remove(fd);
    if (known != null) {
      known.forget();
    }
  }

  /** The {@link PollEvents} that hold for a descriptor now. */
  public static int ready(int fd) {
    return HostSocket.poll(fd, PollEvents.ALWAYS_READY | PollEvents.PRI | PollEvents.RDHUP);
  }

  private void run() {
    MemorySegment events = Arena.ofAuto().allocate((long) EVENT_SIZE * BATCH);
    while (true) {
      long n = HostCall.call(Sys.EPOLL_WAIT, epoll, events.address(), BATCH, -1);
      if (n < 0 && n != -Errno.EINTR) {
        throw new IllegalStateException("epoll_wait: " + Errno.describe((int) -n));
      }
      for (int i = 0; i < n; i++) {
        Watched happened = watched.get(events.get(INT, (long) i * EVENT_SIZE + 4));
        if (happened != null) {
          report(happened, withBands(events.get(INT, (long) i * EVENT_SIZE)));
        }
      }
    }
  }

  private static void report(Watched happened, int events) {
    if (happened.queue.isEmpty()) {
      happened.disarm();
    } else {
      happened.queue.wake(events);
    }
  }

  /** Adds the names under which the same readiness is also waited for. */
  private static int withBands(int events) {
    return events
        | ((events & PollEvents.IN) != 0 ? PollEvents.RDNORM : 0)
        | ((events & PollEvents.OUT) != 0 ? PollEvents.WRNORM | PollEvents.WRBAND : 0);
  }
}
