package dev.bulwark.sentry.fs.inotify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.vfs.AnonymousInode;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What inotify_init(2) makes: watches and the events that they have seen. Thread-safe: its monitor
 * guards both, and is a leaf below the locks of file systems.
 */
public final class InotifyFile extends FileDescription {
  /** Fails when there is a watch on the file (IN_MASK_CREATE). */
  public static final int MASK_CREATE = 0x10000000;

  /** Adds to the events of an existing watch (IN_MASK_ADD). */
  public static final int MASK_ADD = 0x20000000;

  /** All events that can be asked for (IN_ALL_EVENTS). */
  public static final int ALL_EVENTS = 0xfff;

  static final int IGNORED = 0x8000;
  private static final int OVERFLOW = 0x4000;
  private static final int HEADER = 16;
  private static final int FIONREAD = 0x541b;

  /** fs.inotify.max_queued_events. */
  private static final int MAX_EVENTS = 16384;

  /** fs.inotify.max_user_watches, and the most events in all queues together. */
  private static final int MAX_WATCHES = 65536;

  /** fs.inotify.max_user_instances; here the sandbox is the user. */
  private static final int MAX_INSTANCES = 128;

  private static final AtomicInteger INSTANCES = new AtomicInteger();
  private static final AtomicInteger WATCHES = new AtomicInteger();
  private static final AtomicInteger EVENTS = new AtomicInteger();

  private static final AnonymousInode INODE = AnonymousInode.named("inotify");

  private final WaitQueue queue = new WaitQueue();
  private final ArrayDeque<Event> events = new ArrayDeque<>();
  private final Map<Integer, InotifyWatch> watches = new LinkedHashMap<>();
  private int lastWatch;
  private boolean closed;

  /** What happened; two that are equal and come one after the other are one. */
  private record Event(int watch, int mask, int cookie, String name) {
    /** The name, if there is one, ends with NUL and fills up to a multiple of the header. */
    int size() {
      return name.isEmpty() ? HEADER : HEADER + (name.length() / HEADER + 1) * HEADER;
    }

    void put(ByteBuffer to) {
      int start = to.position();
      to.putInt(watch).putInt(mask).putInt(cookie).putInt(size() - HEADER);
      to.put(name.getBytes(ISO_8859_1));
      to.position(start + size());
    }
  }

  /**
   * A queue without watches.
   *
   * @param flags of open(2)
   * @throws ErrnoException EMFILE when the sandbox has too many
   */
  public static InotifyFile create(int flags) throws ErrnoException {
    if (INSTANCES.incrementAndGet() > MAX_INSTANCES) {
      INSTANCES.decrementAndGet();
      throw ErrnoException.of(Errno.EMFILE);
    }
    return new InotifyFile(flags);
  }

  private InotifyFile(int flags) {
    super(flags);
  }

  /**
   * Watches a file, or changes the watch on it.
   *
   * @param mask events, and the flags above
   * @return the watch descriptor
   * @throws ErrnoException EEXIST, ENOSPC
   */
  public int watch(Location at, int mask) throws ErrnoException {
    int wanted = mask & ~(MASK_ADD | MASK_CREATE);
    InotifyWatch made;
    synchronized (this) {
      for (InotifyWatch known : watches.values()) {
        if (known.inode().equals(at.inode())) {
          if ((mask & MASK_CREATE) != 0) {
            throw ErrnoException.of(Errno.EEXIST);
          }
          known.setMask((mask & MASK_ADD) != 0 ? known.mask() | wanted : wanted);
          return known.number();
        }
      }
      if (WATCHES.get() >= MAX_WATCHES) {
        throw ErrnoException.of(Errno.ENOSPC);
      }
      WATCHES.incrementAndGet();
      made = new InotifyWatch(this, ++lastWatch, at, wanted);
      watches.put(made.number(), made);
    }
    try {
      at.inode().watched(at.dentry());
    } catch (ErrnoException e) {
      forget(made);
      throw e;
    }
    at.inode().watches().add(made);
    return made.number();
  }

  /**
   * Ends a watch.
   *
   * @throws ErrnoException EINVAL when there is none with that number
   */
  public void unwatch(int number) throws ErrnoException {
    InotifyWatch watch;
    synchronized (this) {
      watch = watches.get(number);
    }
    if (watch == null) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    end(watch);
  }

  /** Ends a watch, if nobody else did so, and says so in the queue. */
  void end(InotifyWatch watch) {
    watch.inode().watches().remove(watch);
    if (forget(watch)) {
      watch.inode().unwatched();
      add(watch.number(), IGNORED, 0, null);
    }
  }

  private synchronized boolean forget(InotifyWatch watch) {
    boolean was = watches.remove(watch.number(), watch);
    if (was) {
      WATCHES.decrementAndGet();
    }
    return was;
  }

  /** Nobody knows what happened. */
  void lost() {
    add(-1, OVERFLOW, 0, null);
  }

  void add(int watch, int mask, int cookie, @Nullable String name) {
    synchronized (this) {
      if (closed) {
        return;
      }
      Event event = new Event(watch, mask, cookie, name == null ? "" : name);
      if (event.equals(events.peekLast())) {
        return;
      }
      if (events.size() >= MAX_EVENTS || EVENTS.get() >= MAX_WATCHES) {
        event = new Event(-1, OVERFLOW, 0, "");
        if (event.equals(events.peekLast())) {
          return;
        }
      }
      events.addLast(event);
      EVENTS.incrementAndGet();
    }
    queue.wake(PollEvents.IN | PollEvents.RDNORM);
  }

  @Override
  public synchronized long read(IoBuffer to, long offset) {
    if (offset != AT_POSITION) {
      return -Errno.ESPIPE;
    }
    if (events.isEmpty()) {
      return -Errno.EAGAIN;
    }
    int size = 0;
    List<Event> taken = new ArrayList<>();
    for (Event event : events) {
      if (size + event.size() > to.remaining()) {
        break;
      }
      size += event.size();
      taken.add(event);
    }
    if (taken.isEmpty()) {
      return -Errno.EINVAL;
    }
    byte[] bytes = new byte[size];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (Event event : taken) {
      event.put(buffer);
      events.removeFirst();
      EVENTS.decrementAndGet();
    }
    return to.put(bytes, 0, size) < size ? -Errno.EFAULT : size;
  }

  @Override
  public synchronized int poll() {
    return events.isEmpty() ? 0 : PollEvents.IN | PollEvents.RDNORM;
  }

  @Override
  public boolean sendsSignals() {
    return true;
  }

  @Override
  public WaitQueue waitQueue() {
    return queue;
  }

  @Override
  public long ioctl(Task task, int request, long argument) throws ErrnoException {
    if (request != FIONREAD) {
      return -Errno.ENOTTY;
    }
    int size = 0;
    synchronized (this) {
      for (Event event : events) {
        size += event.size();
      }
    }
    task.memory().putInt(argument, size);
    return 0;
  }

  @Override
  protected void release() {
    List<InotifyWatch> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(watches.values());
      WATCHES.addAndGet(-watches.size());
      EVENTS.addAndGet(-events.size());
      INSTANCES.decrementAndGet();
      watches.clear();
      events.clear();
    }
    for (InotifyWatch watch : all) {
      watch.inode().watches().remove(watch);
      watch.inode().unwatched();
    }
  }

  @Override
  public Attributes attributes() {
    return INODE.attributes();
  }

  @Override
  public String describe() {
    return INODE.describe();
  }
}
