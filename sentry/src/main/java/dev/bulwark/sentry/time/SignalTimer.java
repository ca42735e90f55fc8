package dev.bulwark.sentry.time;

import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.signal.QueuedSignal;
import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.signal.SignalSender;
import org.jspecify.annotations.Nullable;

/**
 * A timer that sends a signal: a POSIX timer, or one of setitimer(2). Its signal is in the queue at
 * most once, and an interval goes on when that is taken, as in Linux: so however short the
 * interval, a program that does not look costs nothing.
 *
 * <p>Thread-safe: its monitor guards it. The lock of a process's signals comes before it, so no
 * clock that needs that lock is asked with the monitor held, except where the lock is held already.
 */
final class SignalTimer implements QueuedSignal {
  /** After a signal that nobody wants the next one comes no sooner. */
  private static final long LEAST_PAUSE = 1_000_000;

  private final Clock clock;
  private final ThreadGroup process;
  private final @Nullable Task only;
  private final @Nullable SignalInfo info;
  private final boolean counting;
  private final Timers.Alarm alarm;
  private final Countdown countdown = new Countdown();

  /** Whether the signal is in the queue, perhaps because of an earlier setting. */
  private boolean queued;

  /** Whether it is there because of the present setting. */
  private boolean current;

  private long missed;
  private long reported;
  private boolean deleted;

  /**
   * A timer that is not set.
   *
   * @param only the task that gets the signal, or null for the process
   * @param info the signal, or null for a timer that only counts (SIGEV_NONE)
   * @param counting whether the signal tells the overrun count
   */
  SignalTimer(
      Timers timers,
      Clock clock,
      ThreadGroup process,
      @Nullable Task only,
      @Nullable SignalInfo info,
      boolean counting) {
    this.clock = clock;
    this.process = process;
    this.only = only;
    this.info = info;
    this.counting = counting;
    this.alarm = timers.alarm(this::expired);
  }

  /** Sets or clears it, and tells what was left of the setting before. */
  TimerSetting set(TimerSetting setting, boolean absolute) {
    long now = clock.nanos();
    synchronized (this) {
      TimerSetting old = left(now);
      countdown.set(setting.value(), setting.interval(), absolute, now);
      current = false;
      missed = 0;
      reported = 0;
      rearm();
      return old;
    }
  }

  /** What is left. */
  TimerSetting get() {
    long now = clock.nanos();
    synchronized (this) {
      return left(now);
    }
  }

  private TimerSetting left(long now) {
    if (countdown.interval > 0) {
      if (info == null || current) {
        missed += countdown.forward(now);
      }
    } else if (countdown.armed() && countdown.expiry <= now && (info == null || current)) {
      return new TimerSetting(0, 0);
    }
    return new TimerSetting(countdown.interval, countdown.remaining(now));
  }

  /** How many expirations the last signal stood for besides its own. */
  synchronized int overrun() {
    return (int) Math.min(Integer.MAX_VALUE, info == null ? missed : reported);
  }

  /** Never sends again. */
  synchronized void delete() {
    deleted = true;
    countdown.set(0, 0, false, 0);
    alarm.cancel();
  }

  private void rearm() {
    if (info == null || deleted || !countdown.armed()) {
      alarm.cancel();
    } else if (clock.steady()) {
      alarm.set(clock.whenShows(countdown.expiry));
    } else {
      alarm.set(System.nanoTime() + LEAST_PAUSE);
    }
  }

  private void expired() {
    long now = clock.nanos();
    long expiry;
    SignalInfo sent = info;
    synchronized (this) {
      if (sent == null || deleted || !countdown.armed() || current) {
        return;
      }
      expiry = countdown.expiry;
      if (expiry <= now) {
        current = true;
        if (queued) {
          return; // the signal of an earlier setting stands for this one too
        }
        queued = true;
      }
    }
    if (expiry > now) {
      alarm.set(clock.whenShows(expiry));
    } else if (!SignalSender.sendOwned(process, only, sent, this)) {
      discarded();
    }
  }

  @Override
  public SignalInfo collect(SignalInfo sent) {
    long now = clock.nanos();
    synchronized (this) {
      queued = false;
      if (!current) {
        return sent;
      }
      current = false;
      if (countdown.interval > 0) {
        reported = missed + Math.max(0, countdown.forward(now) - 1);
        missed = 0;
      } else {
        countdown.expiry = 0;
        reported = 0;
      }
      rearm();
      return counting ? sent.withOverrun((int) Math.min(Integer.MAX_VALUE, reported)) : sent;
    }
  }

  @Override
  public void discarded() {
    long now = clock.nanos();
    synchronized (this) {
      queued = false;
      if (!current) {
        return;
      }
      current = false;
      if (countdown.interval == 0) {
        countdown.expiry = 0;
      } else {
        countdown.forward(now);
        if (!deleted) {
          long next = clock.steady() ? clock.whenShows(countdown.expiry) : 0;
          alarm.set(Math.max(next, System.nanoTime() + LEAST_PAUSE));
        }
      }
    }
  }
}
