package dev.bulwark.sentry.fs.eventfd;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.vfs.AnonymousInode;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What eventfd(2) makes: an unsigned 64-bit counter that reads take and writes add to. Thread-safe:
 * its monitor guards the count.
 */
public final class EventCounter extends FileDescription {
  private static final AnonymousInode INODE = AnonymousInode.named("[eventfd]");

  /** The largest value; adding must not reach it. */
  private static final long FULL = -1;

  private final WaitQueue queue = new WaitQueue();
  private final boolean semaphore;
  private long count;

  /**
   * A counter.
   *
   * @param flags of open(2)
   * @param semaphore whether a read takes 1 instead of everything (EFD_SEMAPHORE)
   */
  public EventCounter(int flags, long initial, boolean semaphore) {
    super(flags);
    this.count = initial;
    this.semaphore = semaphore;
  }

  @Override
  public long read(IoBuffer to, long offset) {
    if (offset != AT_POSITION) {
      return -Errno.ESPIPE;
    }
    if (to.remaining() < Long.BYTES) {
      return -Errno.EINVAL;
    }
    long taken;
    synchronized (this) {
      if (count == 0) {
        return -Errno.EAGAIN;
      }
      taken = semaphore ? 1 : count;
      count -= taken;
      queue.wake(PollEvents.OUT);
    }
    byte[] value = new byte[Long.BYTES];
    ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).putLong(taken);
    return to.put(value, 0, Long.BYTES) < Long.BYTES ? -Errno.EFAULT : Long.BYTES;
  }

  @Override
  public long write(IoBuffer from, long offset) {
    if (offset != AT_POSITION) {
      return -Errno.ESPIPE;
    }
    if (from.remaining() != Long.BYTES) { // strictly so since Linux 6.8
      return -Errno.EINVAL;
    }
    byte[] value = new byte[Long.BYTES];
    if (from.get(value, 0, Long.BYTES) < Long.BYTES) {
      return -Errno.EFAULT;
    }
    long added = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return add(added);
  }

  /**
   * Adds, and wakes readers.
   *
   * @return 8 like write(2), or negated: EINVAL for the largest value, EAGAIN on overflow
   */
  public synchronized long add(long added) {
    if (added == FULL) {
      return -Errno.EINVAL;
    }
    if (Long.compareUnsigned(FULL - count, added) <= 0) {
      return -Errno.EAGAIN;
    }
    count += added;
    queue.wake(PollEvents.IN);
    return Long.BYTES;
  }

  @Override
  public synchronized int poll() {
    int events = 0;
    if (count != 0) {
      events |= PollEvents.IN;
    }
    if (count == FULL) {
      events |= PollEvents.ERR;
    }
    if (Long.compareUnsigned(FULL - 1, count) > 0) {
      events |= PollEvents.OUT;
    }
    return events;
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
  public Attributes attributes() {
    return INODE.attributes();
  }

  @Override
  public String describe() {
    return INODE.describe();
  }

  @Override
  public synchronized String fdInfo() {
    return String.format("eventfd-count: %16x\neventfd-semaphore: %d\n", count, semaphore ? 1 : 0);
  }
}
