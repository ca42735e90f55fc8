package dev.bulwark.gofer;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostInotify;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostPoll;
import dev.bulwark.linux.Sys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What happens on the host to watched files of shared roots. The Gofer watches, and donates the
 * host's queue; one thread waits at it, which exists as soon as something was watched.
 *
 * <p>Changes that the sandbox makes itself are told by the Sentry; that the host reports them too
 * is hidden: its report is in the queue when the change is done, so whoever changes something says
 * so before ({@link #begin}) and empties the queue after it ({@link #end}). Thread-safe. Sinks are
 * called with the lock held that orders events.
 */
public final class HostEvents implements AutoCloseable {
  private static final int EFD_FLAGS = 02004000;

  /** Hears of one watched node. */
  public interface Sink {
    /**
     * Something happened on the host.
     *
     * @param mask as in inotify(7)
     * @param name empty for the watched file itself
     */
    void event(int mask, int cookie, String name);

    /** Events were lost. */
    void lost();

    /** The node that a name in the watched directory stands for, as far as is known; or 0. */
    long node(String name);
  }

  /** A watched node; guarded by the order of events. */
  private static final class Watched {
    final int watch;
    final Sink sink;
    int times = 1;

    Watched(int watch, Sink sink) {
      this.watch = watch;
      this.sink = sink;
    }
  }

  private final Client client;
  private final Object order = new Object();
  private final Map<Long, Watched> nodes = new HashMap<>();
  private final Map<Integer, List<Long>> watches = new HashMap<>();
  private final ConcurrentLinkedQueue<OwnChange> own = new ConcurrentLinkedQueue<>();
  private int queue = -1;
  private int stop = -1;
  private boolean closed;
  private volatile boolean active;

  HostEvents(Client client) {
    this.client = client;
  }

  /** Whether anything is watched, so that changes have to be announced. */
  public boolean active() {
    return active;
  }

  /**
   * Has a node watched until {@link #unwatch} was called as often.
   *
   * @param sink hears of it, unless another sink does already
   * @throws GoferException ENOSPC when there are too many watches, EMFILE when the host has too
   *     many queues, EINVAL when the root is not shared
   */
  public void watch(long node, Sink sink) throws GoferException {
    synchronized (order) {
      Watched known = nodes.get(node);
      if (known != null) {
        known.times++;
        return;
      }
      if (queue < 0) {
        start();
      }
      int watch = client.watch(node);
      nodes.put(node, new Watched(watch, sink));
      watches.computeIfAbsent(watch, _ -> new ArrayList<>()).add(node);
      active = true;
    }
  }

  private void start() throws GoferException {
    if (closed) {
      throw GoferException.of(Errno.EIO);
    }
    int made = client.openWatches();
    long event = HostCall.call(Sys.EVENTFD2, 0, EFD_FLAGS);
    if (event < 0) {
      HostFile.close(made);
      throw GoferException.of((int) -event);
    }
    queue = made;
    stop = (int) event;
    Thread.ofPlatform().daemon().name("gofer-events").start(this::read);
  }

  /** Takes back one {@link #watch} of a node; after the last one nothing is heard any more. */
  public void unwatch(long node) {
    synchronized (order) {
      Watched watched = nodes.get(node);
      if (watched == null || --watched.times > 0) {
        return;
      }
      nodes.remove(node);
      List<Long> others = watches.get(watched.watch);
      if (others != null) {
        others.remove(node);
        if (others.isEmpty()) {
          watches.remove(watched.watch);
        }
      }
      active = !nodes.isEmpty();
      try {
        client.unwatch(node);
      } catch (GoferException e) {
        return; // the Gofer is dead, and its watches with it
      }
    }
  }

  /** The sandbox begins to change something; every call is followed by one of {@link #end}. */
  public void begin(OwnChange change) {
    own.add(change);
  }

  /** The change is done, or has failed. */
  public void end(OwnChange change) {
    try {
      drain();
    } finally {
      own.remove(change);
    }
  }

  /** Lets something be done that the reader cannot keep up with; for tests. */
  void whileHeldUp(Callable<?> action) throws Exception {
    synchronized (order) {
      action.call();
    }
  }

  private void read() {
    int waitQueue;
    int waitStop;
    synchronized (order) {
      waitQueue = queue;
      waitStop = stop;
    }
    HostPoll poll = new HostPoll(waitQueue, waitStop);
    while (!poll.ready(1)) {
      poll.await(-1);
      drain();
    }
    synchronized (order) {
      HostFile.close(queue);
      HostFile.close(stop);
      queue = -1;
      stop = -1;
    }
  }

  private void drain() {
    synchronized (order) {
      if (queue < 0) {
        return;
      }
      long n;
      do {
        n = HostInotify.read(queue, this::dispatch);
      } while (n > 0);
    }
  }

  private void dispatch(int watch, int mask, int cookie, String name) {
    if ((mask & HostInotify.Q_OVERFLOW) != 0) {
      List.copyOf(nodes.values()).forEach(each -> each.sink.lost());
      return;
    }
    if ((mask & HostInotify.IGNORED) != 0) {
      return;
    }
    for (long node : List.copyOf(watches.getOrDefault(watch, List.of()))) {
      Watched watched = nodes.get(node);
      if (watched != null && !isOwn(node, watched.sink, name)) {
        watched.sink.event(mask, cookie, name);
      }
    }
  }

  private boolean isOwn(long node, Sink sink, String name) {
    if (own.isEmpty()) {
      return false;
    }
    @Nullable String happened = name.isEmpty() ? null : name;
    long child = happened == null ? 0 : sink.node(name);
    return own.stream().anyMatch(change -> change.explains(node, happened, child));
  }

  @Override
  public void close() {
    synchronized (order) {
      closed = true;
      nodes.clear();
      watches.clear();
      active = false;
      if (stop >= 0) {
        try {
          HostIo.writeFully(stop, new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
        } catch (HostException e) {
          throw new IllegalStateException(e); // an eventfd that was never written has room
        }
      }
    }
  }
}
