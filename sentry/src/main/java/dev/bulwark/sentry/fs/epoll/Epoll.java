package dev.bulwark.sentry.fs.epoll;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.vfs.AnonymousInode;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What epoll_create(2) makes: a set of watched files and those among them that may be ready.
 * Thread-safe: its monitor guards the set and is held while events are collected; the ready list
 * has a lock of its own, which files take to report.
 */
public final class Epoll extends FileDescription {
  private static final AnonymousInode INODE = AnonymousInode.named("[eventpoll]");

  /** The Epolls that this one watches, and those that watch it; guarded by the system. */
  final List<Epoll> inner = new ArrayList<>(0);

  final List<Epoll> outer = new ArrayList<>(0);

  private final EpollSystem system;
  private final WaitQueue queue = new WaitQueue();
  private final Map<Interest.Key, Interest> interests = new HashMap<>();

  /** Guarded by its own monitor, a leaf. */
  private final ArrayDeque<Interest> ready = new ArrayDeque<>();

  /** An Epoll that watches nothing. */
  public Epoll(EpollSystem system, int flags) {
    super(flags);
    this.system = system;
  }

  /**
   * EPOLL_CTL_ADD. The caller holds a reference to the file.
   *
   * @param fd the descriptor under which the caller knows it
   * @return 0, or negated: EPERM for a file that is always ready, EINVAL, EEXIST, ELOOP, ENOSPC
   */
  public long add(FileDescription file, int fd, int events, long data) {
    WaitQueue fileQueue = file.waitQueue();
    if (fileQueue == null) {
      return -Errno.EPERM;
    }
    if (file.equals(this)
        || ((events & EpollEvents.EXCLUSIVE) != 0
            && (file instanceof Epoll || (events & ~EpollEvents.EXCLUSIVE_OK) != 0))) {
      return -Errno.EINVAL;
    }
    Interest.Key key = new Interest.Key(file, fd);
    int wanted = (events | PollEvents.ERR | PollEvents.HUP) & ~EpollEvents.WAKEUP;
    if (file instanceof Epoll watched) {
      int refused = system.nest(this, watched);
      if (refused != 0) {
        return refused;
      }
    }
    long result = add(new Interest(this, key, fileQueue, wanted, data));
    if (result != 0 && file instanceof Epoll watched) {
      system.unnest(this, watched);
    }
    return result;
  }

  private synchronized long add(Interest interest) {
    if (interests.containsKey(interest.key)) {
      return -Errno.EEXIST;
    }
    if (!system.watch()) {
      return -Errno.ENOSPC;
    }
    interests.put(interest.key, interest);
    interest.start();
    reportIfReady(interest);
    return 0;
  }

  private void reportIfReady(Interest interest) {
    if (interest.ready() != 0) {
      happened(interest);
    }
  }

  /** EPOLL_CTL_MOD. Result 0, or negated: ENOENT, EINVAL for an exclusive interest. */
  public synchronized long modify(FileDescription file, int fd, int events, long data) {
    if (file.waitQueue() == null) {
      return -Errno.EPERM;
    }
    if (file.equals(this) || (events & EpollEvents.EXCLUSIVE) != 0) {
      return -Errno.EINVAL;
    }
    Interest interest = interests.get(new Interest.Key(file, fd));
    if (interest == null) {
      return -Errno.ENOENT;
    }
    if ((interest.events & EpollEvents.EXCLUSIVE) != 0) {
      return -Errno.EINVAL;
    }
    interest.change((events | PollEvents.ERR | PollEvents.HUP) & ~EpollEvents.WAKEUP, data);
    reportIfReady(interest);
    return 0;
  }

  /** EPOLL_CTL_DEL. Result 0, or ENOENT negated. */
  public long remove(FileDescription file, int fd) {
    if (file.waitQueue() == null) {
      return -Errno.EPERM;
    }
    if (file.equals(this)) {
      return -Errno.EINVAL;
    }
    Interest interest;
    synchronized (this) {
      interest = interests.get(new Interest.Key(file, fd));
    }
    return interest != null && forget(interest) ? 0 : -Errno.ENOENT;
  }

  /** Stops watching; false when somebody else did so already. */
  boolean forget(Interest interest) {
    synchronized (this) {
      if (interest.removed) {
        return false;
      }
      interests.remove(interest.key);
      interest.stop();
      synchronized (ready) {
        if (interest.listed) {
          interest.listed = false;
          ready.remove(interest);
        }
      }
    }
    system.unwatch();
    if (interest.key.file() instanceof Epoll watched) {
      system.unnest(this, watched);
    }
    return true;
  }

  /** An interest may have become ready. Called by files, perhaps under their locks. */
  void happened(Interest interest) {
    synchronized (ready) {
      if (!interest.listed && !interest.removed) {
        interest.listed = true;
        ready.addLast(interest);
      }
    }
    queue.wake(PollEvents.IN | PollEvents.RDNORM);
  }

  /** Takes the events that {@link #collect} found. */
  @FunctionalInterface
  public interface Sink {
    /** Takes one event; false when it could not be stored, which leaves it ready. */
    boolean accept(int events, long data);
  }

  /**
   * Hands out what is ready.
   *
   * @param most how many events at most
   * @return how many, or EFAULT negated when the first could not be stored
   */
  public long collect(int most, Sink sink) {
    List<FileDescription> held = new ArrayList<>();
    try {
      synchronized (this) {
        return collect(most, sink, held);
      }
    } finally {
      held.forEach(FileDescription::close);
    }
  }

  /**
   * Collects with the monitor held.
   *
   * @param held gets the files that were referred to; to be closed without the monitor, because a
   *     last reference releases the file
   */
  private long collect(int most, Sink sink, List<FileDescription> held) {
    List<Interest> again = new ArrayList<>();
    int found = 0;
    long failure = 0;
    // Those that come back to the list must not be looked at twice, so the length is fixed before.
    int looked;
    synchronized (ready) {
      looked = ready.size();
    }
    while (looked-- > 0 && found < most && failure == 0) {
      Interest interest = next();
      if (interest == null) {
        break;
      }
      FileDescription file = interest.key.file();
      if (!file.acquire()) {
        continue;
      }
      held.add(file);
      int events = interest.ready();
      if (events == 0) {
        continue;
      }
      if (!sink.accept(events, interest.data)) {
        putBack(interest);
        failure = -Errno.EFAULT;
      } else {
        found++;
        if ((interest.events & EpollEvents.ONESHOT) != 0) {
          interest.events &= EpollEvents.PRIVATE;
        } else if ((interest.events & EpollEvents.EDGE) == 0) {
          again.add(interest);
        }
      }
    }
    again.forEach(this::relist);
    return found > 0 ? found : failure;
  }

  private @org.jspecify.annotations.Nullable Interest next() {
    synchronized (ready) {
      Interest interest = ready.pollFirst();
      if (interest != null) {
        interest.listed = false;
      }
      return interest;
    }
  }

  private void putBack(Interest interest) {
    synchronized (ready) {
      if (!interest.listed && !interest.removed) {
        interest.listed = true;
        ready.addFirst(interest);
      }
    }
  }

  private void relist(Interest interest) {
    synchronized (ready) {
      if (!interest.listed && !interest.removed) {
        interest.listed = true;
        ready.addLast(interest);
      }
    }
  }

  @Override
  public int poll() {
    List<FileDescription> held = new ArrayList<>();
    try {
      synchronized (this) {
        while (true) {
          Interest interest = next();
          if (interest == null) {
            return 0;
          }
          FileDescription file = interest.key.file();
          if (file.acquire()) {
            held.add(file);
            if (interest.ready() != 0) {
              putBack(interest);
              return PollEvents.IN | PollEvents.RDNORM;
            }
          }
        }
      }
    } finally {
      held.forEach(FileDescription::close);
    }
  }

  @Override
  public long seek(long offset, int whence) {
    return 0; // Linux accepts it and does nothing (noop_llseek)
  }

  @Override
  public WaitQueue waitQueue() {
    return queue;
  }

  @Override
  protected void release() {
    List<Interest> all;
    synchronized (this) {
      all = List.copyOf(interests.values());
    }
    all.forEach(this::forget);
  }

  @Override
  public Attributes attributes() {
    return INODE.attributes();
  }

  @Override
  public String describe() {
    return INODE.describe();
  }

  @Override
  public synchronized String fdInfo() {
    StringBuilder lines = new StringBuilder();
    for (Interest interest : interests.values()) {
      lines.append(
          String.format(
              "tfd: %8d events: %8x data: %16x  pos:0 ino:%x sdev:%x\n",
              interest.key.fd(), interest.events, interest.data, 0, 0));
    }
    return lines.toString();
  }
}
