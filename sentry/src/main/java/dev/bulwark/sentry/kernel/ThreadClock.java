package dev.bulwark.sentry.kernel;

import dev.bulwark.linux.HostClock;

/** Measures the CPU time of the Java thread that serves a task. Any thread may ask. */
final class ThreadClock {
  private volatile int hostTid;
  private long base;

  /** Starts with the calling thread, which may have served other tasks before. */
  void start() {
    int tid = HostClock.currentTid();
    base = HostClock.threadNanos(tid);
    hostTid = tid;
  }

  /** CPU time since the start, in nanoseconds; 0 before it. */
  long nanos() {
    int tid = hostTid;
    return tid == 0 ? 0 : Math.max(0, HostClock.threadNanos(tid) - base);
  }
}
