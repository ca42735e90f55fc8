package dev.bulwark.sentry.net.unix;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostException;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.io.HostPoller;
import dev.bulwark.sentry.time.Timers;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Connections to sockets of the host that the container was given. Thread-safe. */
final class HostPeers {
  /** Descriptors of the process are scarce, and files and other sockets need some. */
  private static final int MOST = 1000;

  /** How often to ask for room where the host tells nobody of it. */
  private static final long RETRY_NANOS = 20_000_000;

  private final AtomicInteger open = new AtomicInteger();

  /** Made with the first connection; guarded by this. */
  private @Nullable HostPoller poller;

  /**
   * Connects.
   *
   * @param file what the application named
   * @param queue is woken when the peer's readiness changes
   * @throws ErrnoException as {@link Inode#connectToHost}; ENFILE when there are too many
   */
  HostPeer connect(Inode file, int type, Credentials as, WaitQueue queue) throws ErrnoException {
    if (open.incrementAndGet() > MOST) {
      open.decrementAndGet();
      throw ErrnoException.of(Errno.ENFILE);
    }
    int fd = -1;
    try {
      HostPoller watching = poller();
      fd = file.connectToHost(type, as);
      watching.watch(fd, queue);
      return new HostPeer(this, fd, type);
    } finally {
      if (fd < 0) {
        open.decrementAndGet();
      }
    }
  }

  private synchronized HostPoller poller() throws ErrnoException {
    HostPoller made = poller;
    if (made == null) {
      try {
        made = new HostPoller();
      } catch (HostException e) {
        throw ErrnoException.of(e.errno());
      }
      poller = made;
    }
    return made;
  }

  /** A connection whose descriptor is about to be closed. */
  synchronized void closing(int fd) {
    if (poller != null) {
      poller.forget(fd);
    }
    open.decrementAndGet();
  }

  /** How many connections there are. */
  int count() {
    return open.get();
  }

  /**
   * Wakes a queue after a short time: a full backlog, or a full queue of a socket that one is not
   * connected to, is heard of by nobody when there is room again.
   */
  static void wakeLater(Timers timers, WaitQueue queue) {
    timers
        .alarm(() -> queue.wake(PollEvents.OUT | PollEvents.WRNORM | PollEvents.WRBAND))
        .set(System.nanoTime() + RETRY_NANOS);
  }
}
