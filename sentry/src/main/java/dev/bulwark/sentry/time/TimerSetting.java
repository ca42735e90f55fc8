package dev.bulwark.sentry.time;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.mm.UserMemory;

/**
 * {@code struct itimerspec} or {@code struct itimerval}, in nanoseconds.
 *
 * @param interval between expirations; 0 for one only
 * @param value until the first; 0 for a timer that is not set
 */
public record TimerSetting(long interval, long value) {
  private static final int HALF = 16;

  /** Reads an itimerspec. EFAULT, EINVAL. */
  public static TimerSetting read(UserMemory memory, long address) throws ErrnoException {
    Timespec interval = Timespec.read(memory, address);
    Timespec value = Timespec.read(memory, address + HALF);
    if (!interval.valid() || !value.valid()) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return new TimerSetting(interval.toNanos(), value.toNanos());
  }

  /** Reads an itimerval. EFAULT, EINVAL. */
  public static TimerSetting readTimevals(UserMemory memory, long address) throws ErrnoException {
    Timespec interval = Timespec.readTimeval(memory, address);
    Timespec value = Timespec.readTimeval(memory, address + HALF);
    return new TimerSetting(interval.toNanos(), value.toNanos());
  }

  /** Stores an itimerspec. */
  public void write(UserMemory memory, long address) throws ErrnoException {
    Timespec.ofNanos(interval).write(memory, address);
    Timespec.ofNanos(value).write(memory, address + HALF);
  }

  /** Stores an itimerval; less than a microsecond that is left counts as one. */
  public void writeTimevals(UserMemory memory, long address) throws ErrnoException {
    Timespec.ofNanos(interval).writeTimeval(memory, address);
    long shown = value > 0 && value < 1000 ? 1000 : value;
    Timespec.ofNanos(shown).writeTimeval(memory, address + HALF);
  }
}
