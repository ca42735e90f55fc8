package dev.bulwark.sentry.time;

import dev.bulwark.linux.HostTime;

/** A clock that runs all the time, as the host has it. */
enum HostClocks implements Clock {
  REALTIME(0),
  MONOTONIC(1),
  MONOTONIC_RAW(4),
  REALTIME_COARSE(5),
  MONOTONIC_COARSE(6),
  BOOTTIME(7),
  TAI(11);

  private final int id;

  HostClocks(int id) {
    this.id = id;
  }

  @Override
  public long nanos() {
    return this == MONOTONIC ? System.nanoTime() : HostTime.nanos(id);
  }

  long resolution() {
    return HostTime.resolution(id);
  }

  @Override
  public long whenShows(long value) {
    long now = nanos();
    return value <= now ? System.nanoTime() : Timespec.deadline(value - now);
  }
}
