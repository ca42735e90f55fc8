package dev.bulwark.sentry.time;

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
 * What timerfd_create(2) makes. Its alarm rings once for each time that somebody has read, so a
 * short interval costs nothing while nobody does. Thread-safe: its monitor guards it.
 */
final class TimerFile extends FileDescription {
  private static final AnonymousInode INODE = AnonymousInode.named("[timerfd]");

  private final WaitQueue queue = new WaitQueue();
  private final int clockId;
  private final Clock clock;
  private final Timers.Alarm alarm;
  private final Countdown countdown = new Countdown();
  private int setFlags;

  TimerFile(Timers timers, int clockId, Clock clock, int flags) {
    super(flags);
    this.clockId = clockId;
    this.clock = clock;
    this.alarm = timers.alarm(this::ring);
  }

  private void ring() {
    synchronized (this) {
      if (!ready()) {
        rearm(); // the clock was set back
        return;
      }
    }
    queue.wake(PollEvents.IN);
  }

  private boolean ready() {
    return countdown.armed() && countdown.expiry <= clock.nanos();
  }

  private void rearm() {
    if (countdown.armed()) {
      alarm.set(clock.whenShows(countdown.expiry));
    } else {
      alarm.cancel();
    }
  }

  /** timerfd_settime(2); gives what was left. */
  synchronized TimerSetting set(TimerSetting setting, boolean absolute, int flags) {
    TimerSetting old = get();
    setFlags = flags;
    countdown.set(setting.value(), setting.interval(), absolute, clock.nanos());
    rearm();
    return old;
  }

  /** timerfd_gettime(2). */
  synchronized TimerSetting get() {
    long now = clock.nanos();
    long left = countdown.armed() ? countdown.expiry - now : 0;
    if (left <= 0 && countdown.armed() && countdown.interval > 0) {
      left = countdown.interval - (now - countdown.expiry) % countdown.interval;
    }
    return new TimerSetting(countdown.interval, Math.max(0, left));
  }

  @Override
  public long read(IoBuffer to, long offset) {
    if (offset != AT_POSITION) {
      return -Errno.ESPIPE;
    }
    if (to.remaining() < Long.BYTES) {
      return -Errno.EINVAL;
    }
    long ticks;
    synchronized (this) {
      if (!ready()) {
        return -Errno.EAGAIN;
      }
      ticks = 1;
      if (countdown.interval > 0) {
        ticks = countdown.forward(clock.nanos());
      } else {
        countdown.expiry = 0;
      }
      rearm();
    }
    byte[] value = new byte[Long.BYTES];
    ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).putLong(ticks);
    return to.put(value, 0, Long.BYTES) < Long.BYTES ? -Errno.EFAULT : Long.BYTES;
  }

  @Override
  public synchronized int poll() {
    return ready() ? PollEvents.IN : 0;
  }

  @Override
  public WaitQueue waitQueue() {
    return queue;
  }

  @Override
  protected void release() {
    alarm.cancel();
  }

  @Override
  public long seek(long offset, int whence) {
    return 0; // Linux accepts it and does nothing (noop_llseek)
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
    TimerSetting left = get();
    return String.format(
        "clockid: %d\nticks: %d\nsettime flags: 0%o\nit_value: (%d, %d)\nit_interval: (%d, %d)\n",
        clockId,
        ready() ? 1 : 0,
        setFlags,
        left.value() / Timespec.SECOND,
        left.value() % Timespec.SECOND,
        left.interval() / Timespec.SECOND,
        left.interval() % Timespec.SECOND);
  }
}
