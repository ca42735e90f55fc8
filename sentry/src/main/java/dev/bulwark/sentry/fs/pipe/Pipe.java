package dev.bulwark.sentry.fs.pipe;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.io.Page;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import java.util.ArrayDeque;

/**
 * The queue of pages between the ends of a pipe (pipe(7)). As in Linux its capacity is counted in
 * pages: a write that does not fit behind the last bytes starts a new page, so every write of up to
 * a page (PIPE_BUF) is atomic. Thread-safe: its monitor guards it.
 */
public final class Pipe {
  private static final int READ_EVENTS = PollEvents.IN | PollEvents.RDNORM;
  private static final int WRITE_EVENTS = PollEvents.OUT | PollEvents.WRNORM;

  private final PipeSystem system;
  private final long number;
  private final WaitQueue queue = new WaitQueue();
  private final ArrayDeque<Slot> slots = new ArrayDeque<>();
  private int capacity;
  private int readers;
  private int writers;
  private int readerOpens;
  private int writerOpens;

  Pipe(PipeSystem system, long number, int capacity) {
    this.system = system;
    this.number = number;
    this.capacity = capacity;
  }

  long number() {
    return number;
  }

  /** Where both ends wait. */
  public WaitQueue queue() {
    return queue;
  }

  synchronized void open(boolean reading, boolean writing) {
    if (reading) {
      readers++;
      readerOpens++;
    }
    if (writing) {
      writers++;
      writerOpens++;
    }
    queue.wake(READ_EVENTS | WRITE_EVENTS);
  }

  synchronized void close(boolean reading, boolean writing) {
    readers -= reading ? 1 : 0;
    writers -= writing ? 1 : 0;
    queue.wake(READ_EVENTS | WRITE_EVENTS | PollEvents.HUP | PollEvents.ERR);
  }

  /** Nobody has it open any more: frees the pages. */
  synchronized void destroy() {
    slots.forEach(slot -> slot.page.free());
    slots.clear();
    system.destroyed(capacity);
  }

  synchronized int readers() {
    return readers;
  }

  synchronized int writers() {
    return writers;
  }

  /** How often the reading end was opened so far. */
  synchronized int readerOpens() {
    return readerOpens;
  }

  /** How often the writing end was opened so far. */
  synchronized int writerOpens() {
    return writerOpens;
  }

  /** Whether there is nothing to read. */
  public synchronized boolean isEmpty() {
    return slots.isEmpty();
  }

  /**
   * The events that hold for an end.
   *
   * @param seen the value of {@link #writerOpens} at which the lack of writers is not yet an end of
   *     file, or -1
   */
  synchronized int poll(boolean reading, boolean writing, int seen) {
    int events = 0;
    if (reading) {
      if (!slots.isEmpty()) {
        events |= READ_EVENTS;
      }
      if (writers == 0 && writerOpens != seen) {
        events |= PollEvents.HUP;
      }
    }
    if (writing) {
      if (slots.size() < capacity) {
        events |= WRITE_EVENTS;
      }
      if (readers == 0) {
        events |= PollEvents.ERR;
      }
    }
    return events;
  }

  /** How many bytes can be read (FIONREAD). */
  public synchronized int available() {
    int bytes = 0;
    for (Slot slot : slots) {
      bytes += slot.length;
    }
    return bytes;
  }

  /** The capacity in bytes. */
  public synchronized int capacity() {
    return capacity * Page.SIZE;
  }

  /**
   * F_SETPIPE_SZ.
   *
   * @param size bytes; rounded up to a power of two of pages
   * @return the new capacity, or negated: EINVAL, EPERM beyond a limit, EBUSY when more is queued
   */
  public synchronized long setCapacity(int size) {
    long unsigned = Integer.toUnsignedLong(size);
    if (unsigned > 1L << 31) {
      return -Errno.EINVAL;
    }
    long rounded = Page.SIZE;
    while (rounded < unsigned) {
      rounded <<= 1;
    }
    int wanted = (int) (rounded / Page.SIZE);
    if (wanted > capacity && rounded > PipeSystem.MAX_SIZE) {
      return -Errno.EPERM;
    }
    if (wanted < slots.size()) {
      return -Errno.EBUSY;
    }
    if (!system.resize(wanted - capacity)) {
      return -Errno.EPERM;
    }
    boolean wasFull = slots.size() >= capacity;
    capacity = wanted;
    if (wasFull && slots.size() < capacity) {
      queue.wake(WRITE_EVENTS);
    }
    return rounded;
  }

  /**
   * Takes bytes out.
   *
   * @return how many, 0 when there are neither bytes nor writers, or negated: EAGAIN, EFAULT
   */
  public synchronized long read(IoBuffer to) {
    if (to.remaining() == 0) {
      return 0;
    }
    if (slots.isEmpty()) {
      return writers == 0 ? 0 : -Errno.EAGAIN;
    }
    boolean wasFull = slots.size() >= capacity;
    long done = 0;
    while (to.remaining() > 0 && !slots.isEmpty()) {
      Slot slot = slots.getFirst();
      int wanted = (int) Math.min(slot.length, to.remaining());
      long n = slot.page.drain(to, slot.offset, wanted);
      if (n < 0) {
        done = done > 0 ? done : n;
        break;
      }
      done += n;
      slot.consume(slot.packet ? slot.length : (int) n);
      if (slot.length == 0) {
        drop();
      }
      if (slot.packet || n < wanted) {
        break;
      }
    }
    announceRoom(wasFull);
    return done;
  }

  private void drop() {
    slots.removeFirst().page.free();
  }

  private void announceRoom(boolean wasFull) {
    if (wasFull && slots.size() < capacity) {
      queue.wake(WRITE_EVENTS);
    }
  }

  /**
   * Puts bytes in, as many as there is room for; up to {@link Page#SIZE} all or none.
   *
   * @param packet whether the bytes of one page are to be read alone
   * @return how many, or negated: EAGAIN, EPIPE when there are no readers, EFAULT
   * @throws ErrnoException ENOMEM
   */
  public synchronized long write(IoBuffer from, boolean packet) throws ErrnoException {
    long total = from.remaining();
    if (total == 0) {
      return 0;
    }
    if (readers == 0) {
      return -Errno.EPIPE;
    }
    long done = 0;
    int odd = (int) (total % Page.SIZE);
    Slot last = slots.peekLast();
    if (odd > 0 && last != null && last.admits(odd)) {
      done = last.page.fill(from, last.offset + last.length, odd);
      if (done < odd) {
        return -Errno.EFAULT; // what lies before a bad address is not written either
      }
      last.length += odd;
    }
    while (from.remaining() > 0 && slots.size() < capacity) {
      int wanted = (int) Math.min(Page.SIZE, from.remaining());
      Page page = system.pages().take();
      long n = page.fill(from, 0, wanted);
      if (n < wanted) {
        page.free(); // a page comes whole or not at all
        return announced(done > 0 ? done : -Errno.EFAULT);
      }
      slots.addLast(new Slot(page, 0, wanted, packet));
      done += n;
    }
    return announced(done > 0 ? done : -Errno.EAGAIN);
  }

  private long announced(long done) {
    if (done > 0) {
      queue.wake(READ_EVENTS);
    }
    return done;
  }

  /**
   * Writes what is queued to another file (splice(2)).
   *
   * @param offset where in the file, or {@link FileDescription#AT_POSITION}
   * @return how many bytes, 0 at the end, EAGAIN negated when the pipe is empty or the file is not
   *     ready, or the file's errno negated
   */
  synchronized long spliceTo(FileDescription file, long offset, long length) throws ErrnoException {
    if (slots.isEmpty()) {
      return writers == 0 ? 0 : -Errno.EAGAIN;
    }
    boolean wasFull = slots.size() >= capacity;
    long done = 0;
    while (done < length && !slots.isEmpty()) {
      Slot slot = slots.getFirst();
      int wanted = (int) Math.min(slot.length, length - done);
      long at = offset < 0 ? offset : offset + done;
      long n = file.write(slot.page.buffer(slot.offset, wanted), at);
      if (n <= 0) {
        done = done > 0 ? done : n;
        break;
      }
      done += n;
      slot.consume((int) n);
      if (slot.length == 0) {
        drop();
      }
      if (n < wanted) {
        break;
      }
    }
    announceRoom(wasFull);
    return done;
  }

  /**
   * Reads from another file into the queue (splice(2)).
   *
   * @return how many bytes, 0 at the end of the file, or negated: EAGAIN when the pipe is full or
   *     the file is not ready, EPIPE, ENOMEM, or the file's errno
   */
  synchronized long spliceFrom(FileDescription file, long offset, long length)
      throws ErrnoException {
    if (readers == 0) {
      return -Errno.EPIPE;
    }
    if (slots.size() >= capacity) {
      return -Errno.EAGAIN;
    }
    long done = 0;
    while (done < length && slots.size() < capacity) {
      int wanted = (int) Math.min(Page.SIZE, length - done);
      Page page = system.pages().take();
      long n = file.read(page.buffer(0, wanted), offset < 0 ? offset : offset + done);
      if (n <= 0) {
        page.free();
        done = done > 0 ? done : n;
        break;
      }
      slots.addLast(new Slot(page, 0, (int) n, false));
      done += n;
      if (n < wanted) {
        break;
      }
    }
    return announced(done);
  }

  /** Whether nothing can be added. */
  synchronized boolean isFull() {
    return slots.size() >= capacity;
  }

  /**
   * Moves queued bytes to another pipe without copying (splice(2)), or lets both have them
   * (tee(2)).
   *
   * @param keep whether they stay in this pipe too
   * @return how many bytes, 0 when there are neither bytes nor writers, or negated: EAGAIN, EPIPE
   */
  long transfer(Pipe to, long length, boolean keep) {
    Pipe first = number < to.number ? this : to;
    Pipe second = number < to.number ? to : this;
    synchronized (first) {
      synchronized (second) {
        return transferLocked(to, length, keep);
      }
    }
  }

  @SuppressWarnings("GuardedBy") // both monitors are held by transfer
  private long transferLocked(Pipe to, long length, boolean keep) {
    if (to.readers == 0) {
      return -Errno.EPIPE;
    }
    if (slots.isEmpty()) {
      return writers == 0 ? 0 : -Errno.EAGAIN;
    }
    if (to.slots.size() >= to.capacity) {
      return -Errno.EAGAIN;
    }
    boolean wasFull = slots.size() >= capacity;
    long done = 0;
    for (Slot slot : slots.toArray(new Slot[0])) {
      if (done == length || to.slots.size() >= to.capacity) {
        break;
      }
      int n = (int) Math.min(slot.length, length - done);
      to.slots.addLast(new Slot(slot.page.share(), slot.offset, n, slot.packet));
      done += n;
      if (!keep) {
        slot.consume(n);
        if (slot.length == 0) {
          drop();
        }
      }
    }
    announceRoom(wasFull);
    return to.announced(done);
  }
}
