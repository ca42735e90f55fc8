package dev.bulwark.sentry.kernel;

/**
 * What prctl(2) and membarrier(2) keep for each address space, which is a process here: tasks that
 * share memory across processes each have their process's own. Thread-safe.
 */
public final class ProcessAttributes {
  private volatile boolean dumpable = true;
  private volatile boolean hugePagesDisabled;
  private volatile int barriers;
  private volatile int oomAdjustment;

  /** Those of the first process. */
  public ProcessAttributes() {}

  /** Those of a child, whose memory is a copy. */
  public ProcessAttributes forChild() {
    ProcessAttributes child = new ProcessAttributes();
    child.dumpable = dumpable;
    child.hugePagesDisabled = hugePagesDisabled;
    child.barriers = barriers;
    child.oomAdjustment = oomAdjustment;
    return child;
  }

  /**
   * Takes note of execve(2), which makes a new address space.
   *
   * @param nowDumpable whether the new program runs with its caller's own identities
   */
  public void executed(boolean nowDumpable) {
    dumpable = nowDumpable;
    barriers = 0;
  }

  /** PR_GET_DUMPABLE: whether its own user may look into the process. */
  public boolean dumpable() {
    return dumpable;
  }

  /** PR_SET_DUMPABLE. */
  public void setDumpable(boolean on) {
    dumpable = on;
  }

  /** PR_GET_THP_DISABLE. */
  public boolean hugePagesDisabled() {
    return hugePagesDisabled;
  }

  /** PR_SET_THP_DISABLE, kept for the asking only: the host chooses the size of pages. */
  public void setHugePagesDisabled(boolean on) {
    hugePagesDisabled = on;
  }

  /** The commands of membarrier(2) that the process has registered for, as a mask. */
  public int barriers() {
    return barriers;
  }

  /** Registers for a command of membarrier(2). */
  public synchronized void addBarrier(int command) {
    barriers |= command;
  }

  /** {@code /proc/PID/oom_score_adj}: -1000 to 1000, how willingly the process is sacrificed. */
  public int oomAdjustment() {
    return oomAdjustment;
  }

  /** Sets what {@link #oomAdjustment} gives. */
  public void setOomAdjustment(int adjustment) {
    oomAdjustment = adjustment;
  }
}
