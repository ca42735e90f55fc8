package dev.bulwark.sentry.time;

import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;

/** How much CPU time tasks and processes have used, in nanoseconds. Thread-safe. */
final class CpuTime {
  private CpuTime() {}

  static long ofTask(Task task, boolean userOnly) {
    long user = task.context().cpuTimeNanos();
    return userOnly ? user : user + task.systemNanos();
  }

  static long ofProcess(ThreadGroup process, boolean userOnly) {
    long user = process.cpu().userNanos();
    return userOnly ? user : user + process.systemNanos();
  }

  /** User and system time of a process, then those of its children that were waited for. */
  static long[] usage(ThreadGroup process) {
    return new long[] {
      process.cpu().userNanos(),
      process.systemNanos(),
      process.cpu().childrenUserNanos(),
      process.cpu().childrenSystemNanos()
    };
  }
}
