package dev.bulwark.sentry.time;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.mm.UserMemory;

/**
 * {@code struct timespec}, as applications give and get it; {@code struct timeval} is converted.
 *
 * @param seconds whole seconds
 * @param nanos the rest
 */
public record Timespec(long seconds, long nanos) {
  /** Nanoseconds in a second. */
  public static final long SECOND = 1_000_000_000L;

  private static final long MICROSECOND = 1000;

  /** The largest time that fits into nanoseconds; later ones count as this (KTIME_MAX). */
  private static final long MAX_SECONDS = Long.MAX_VALUE / SECOND;

  /** A duration in nanoseconds, not negative. */
  public static Timespec ofNanos(long nanos) {
    return new Timespec(nanos / SECOND, nanos % SECOND);
  }

  /** The structure at an address, unchecked. */
  public static Timespec read(UserMemory memory, long address) throws ErrnoException {
    return new Timespec(memory.getLong(address), memory.getLong(address + 8));
  }

  /**
   * The structure at an address.
   *
   * @throws ErrnoException EFAULT, or EINVAL when it is negative or has a second or more in nanos
   */
  public static Timespec readValid(UserMemory memory, long address) throws ErrnoException {
    Timespec time = read(memory, address);
    time.check();
    return time;
  }

  /**
   * A {@code struct timeval} whose microseconds may exceed a second, as select(2) takes it.
   *
   * @throws ErrnoException EFAULT, or EINVAL when it is negative
   */
  public static Timespec readLooseTimeval(UserMemory memory, long address) throws ErrnoException {
    long seconds = memory.getLong(address);
    long micros = memory.getLong(address + 8);
    Timespec time = new Timespec(seconds + micros / 1_000_000, micros % 1_000_000 * MICROSECOND);
    time.check();
    return time;
  }

  /**
   * A {@code struct timeval}.
   *
   * @throws ErrnoException EFAULT, or EINVAL when it is negative or has a second or more in micros
   */
  public static Timespec readTimeval(UserMemory memory, long address) throws ErrnoException {
    long seconds = memory.getLong(address);
    long micros = memory.getLong(address + 8);
    if (micros < 0 || micros >= 1_000_000 || seconds < 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return new Timespec(seconds, micros * MICROSECOND);
  }

  /** EINVAL unless it is a time that Linux accepts. */
  private void check() throws ErrnoException {
    if (!valid()) {
      throw ErrnoException.of(Errno.EINVAL);
    }
  }

  /** Whether it is a time that Linux accepts. */
  public boolean valid() {
    return seconds >= 0 && nanos >= 0 && nanos < SECOND;
  }

  /** In nanoseconds; a time too large for them is the largest. */
  public long toNanos() {
    return seconds >= MAX_SECONDS ? Long.MAX_VALUE : seconds * SECOND + nanos;
  }

  /** Stores the structure. */
  public void write(UserMemory memory, long address) throws ErrnoException {
    memory.putLong(address, seconds);
    memory.putLong(address + 8, nanos);
  }

  /** Stores it as a {@code struct timeval}. */
  public void writeTimeval(UserMemory memory, long address) throws ErrnoException {
    memory.putLong(address, seconds);
    memory.putLong(address + 8, nanos / MICROSECOND);
  }

  /**
   * The point on the clock of {@link System#nanoTime} that is so far away; {@code Long.MAX_VALUE}
   * when it never comes.
   */
  public static long deadline(long nanosFromNow) {
    long now = System.nanoTime();
    long deadline = now + nanosFromNow;
    return nanosFromNow == Long.MAX_VALUE || deadline < now ? Long.MAX_VALUE : deadline;
  }
}
