package dev.bulwark.sentry.fs.proc;

import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.signal.ProcessSignals;

/** The sets of signals that /proc shows, bit 0 for signal 1. */
record SignalSets(long pending, long shared, long blocked, long ignored, long caught) {

  static SignalSets of(Subject about) {
    ProcessSignals process = about.process().signals();
    Task task = about.task();
    return new SignalSets(
        task == null ? 0 : task.signals().ownPending(),
        process.sharedPending(),
        task == null ? 0 : task.signals().mask(),
        process.actions().ignoredSet(),
        process.actions().caughtSet());
  }
}
