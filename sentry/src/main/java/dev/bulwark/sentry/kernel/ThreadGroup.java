package dev.bulwark.sentry.kernel;

import dev.bulwark.sentry.signal.ProcessSignals;
import dev.bulwark.sentry.signal.SignalBudget;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A process: the tasks that share a pid, and its place in the tree. Everything that can change is
 * guarded by the lock of its {@link ProcessTree}, through whose methods it changes.
 */
@SuppressWarnings("AvoidCommonTypeNames") // the field's term; Java's own is not used here
public final class ThreadGroup {
  final Set<ThreadGroup> children = new LinkedHashSet<>();
  @Nullable ThreadGroup parent;
  ProcessGroup group;
  boolean subreaper;
  boolean hasExecuted;

  /** The part of a wait status that is not reported yet, or null. */
  @Nullable WaitStatus unreported;

  private final int pid;
  private final int exitSignal;
  private final Limits limits;
  private final ProcessAttributes attributes;
  private final ProcessSignals signals;
  private State state = State.RUNNING;

  /** What a process is doing, as far as its relatives can see. */
  enum State {
    RUNNING,
    STOPPED,
    ZOMBIE
  }

  ThreadGroup(int pid, @Nullable ThreadGroup parent, ProcessGroup group, int exitSignal) {
    this.limits = parent == null ? new Limits() : parent.limits.copy();
    this.attributes = parent == null ? new ProcessAttributes() : parent.attributes.forChild();
    this.pid = pid;
    this.parent = parent;
    this.group = group;
    this.exitSignal = exitSignal;
    this.signals =
        new ProcessSignals(this, parent == null ? new SignalBudget() : parent.signals.budget());
  }

  /** The process identifier. */
  public int pid() {
    return pid;
  }

  /**
   * The signal that tells the parent of the end: SIGCHLD after fork(2), anything or 0 after
   * clone(2).
   */
  public int exitSignal() {
    return exitSignal;
  }

  /** The resource limits, which a child starts with a copy of. Thread-safe. */
  public Limits limits() {
    return limits;
  }

  /** What prctl(2) keeps for the process. Thread-safe. */
  public ProcessAttributes attributes() {
    return attributes;
  }

  /** What its tasks share of signals. Thread-safe. */
  public ProcessSignals signals() {
    return signals;
  }

  boolean zombie() {
    return state == State.ZOMBIE;
  }

  boolean stopped() {
    return state == State.STOPPED;
  }

  void enter(State next, WaitStatus status) {
    state = next;
    unreported = status;
  }

  @Override
  public String toString() {
    return "process " + pid;
  }
}
