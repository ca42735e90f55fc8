package dev.bulwark.sentry.kernel;

import dev.bulwark.sentry.futex.FutexTable;

/**
 * What all tasks of a sandbox share: one table or service of each kind. Thread-safe, as its parts
 * are.
 */
public final class Kernel {
  private final ProcessTree processes;
  private final FutexTable futexes = new FutexTable();

  /** A kernel whose first process runs nothing yet. */
  public Kernel(ProcessEvents events) {
    processes = new ProcessTree(events);
  }

  /** The tree of processes. */
  public ProcessTree processes() {
    return processes;
  }

  /** The futexes on which tasks sleep. */
  public FutexTable futexes() {
    return futexes;
  }
}
