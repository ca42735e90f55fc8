package dev.bulwark.sentry.kernel;

import dev.bulwark.platform.AddressSpace;
import dev.bulwark.sentry.signal.ProcessSignals;
import dev.bulwark.sentry.signal.SignalBudget;
import dev.bulwark.sentry.signal.TaskSignals;
import dev.bulwark.sentry.time.ProcessTimers;
import dev.bulwark.sentry.tty.Pty;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
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

  private static final int SIGKILL = 9;

  private final int pid;
  private final int exitSignal;
  private final Limits limits;
  private final ProcessAttributes attributes;
  private final ProcessSignals signals;
  private final ProcessTimers timers;
  private final CpuUsage cpu = new CpuUsage();
  private final Runnable spaceDied = this::spaceDied;
  private volatile @Nullable AddressSpace space;
  private final long startedNanos = System.nanoTime();
  private volatile @Nullable Pty terminal;
  private State state = State.RUNNING;
  private volatile @Nullable WaitStatus leaderExit;
  private boolean ended;
  private volatile boolean over;
  private final WaitQueue end = new WaitQueue();
  private volatile @Nullable Consumer<WaitStatus> mourner;
  private volatile long peakKilobytes;
  private volatile long childrenPeakKilobytes;

  /** What a process is doing, as far as its relatives can see. */
  enum State {
    RUNNING,
    STOPPED,
    ZOMBIE
  }

  ThreadGroup(
      int pid, @Nullable ThreadGroup parent, Limits limits, ProcessGroup group, int exitSignal) {
    this.limits = limits;
    this.attributes = parent == null ? new ProcessAttributes() : parent.attributes.forChild();
    this.pid = pid;
    this.parent = parent;
    this.group = group;
    this.exitSignal = exitSignal;
    this.timers = new ProcessTimers(this);
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

  /** When the process began, on the clock of {@link System#nanoTime}. */
  public long startedNanos() {
    return startedNanos;
  }

  /** What prctl(2) keeps for the process. Thread-safe. */
  public ProcessAttributes attributes() {
    return attributes;
  }

  /** Its timers. Thread-safe. */
  public ProcessTimers timers() {
    return timers;
  }

  /** CPU time. Thread-safe. */
  public CpuUsage cpu() {
    return cpu;
  }

  /**
   * The process runs in another address space from now on. When the host takes that away, the
   * process ends, whatever its tasks wait for.
   *
   * @param next null when the process has ended
   */
  void inhabit(@Nullable AddressSpace next) {
    AddressSpace before = space;
    space = next;
    cpu.enter(next);
    if (before != null) {
      before.removeMourner(spaceDied);
    }
    if (next != null) {
      next.addMourner(spaceDied);
    }
  }

  private void spaceDied() {
    AddressSpace dead = space;
    int status = dead == null ? -1 : dead.deathStatus();
    if (status >= 0) {
      int signal = status & 0x7f;
      signals.exitGroup(new WaitStatus.Signalled(signal == 0 ? SIGKILL : signal, false));
    }
  }

  /** System time of all tasks, living and ended, in nanoseconds. Any thread. */
  public long systemNanos() {
    long sum = cpu.endedSystemNanos();
    for (TaskSignals task : signals.tasks()) {
      sum += task.task().systemNanos();
    }
    return sum;
  }

  /** The most memory that the process had resident, as far as it was measured. Any thread. */
  public long peakKilobytes() {
    return peakKilobytes;
  }

  /** Notes how much memory the process has resident. */
  public void noteResident(long kilobytes) {
    if (kilobytes > peakKilobytes) {
      peakKilobytes = kilobytes;
    }
  }

  /** The largest {@link #peakKilobytes} among children that were waited for. */
  public long childrenPeakKilobytes() {
    return childrenPeakKilobytes;
  }

  /** A child was waited for. */
  void reaped(ThreadGroup child) {
    cpu.childReaped(child.cpu);
    childrenPeakKilobytes =
        Math.max(childrenPeakKilobytes, Math.max(child.peakKilobytes, child.childrenPeakKilobytes));
  }

  /** A task has ended; the first one's status is the process's, unless that ended as a whole. */
  void taskEnded(Task task) {
    if (task.tid() == pid) {
      leaderExit = task.exitStatus();
    }
  }

  /** Whether it has ended, whether or not its parent has waited for it. Any thread. */
  public boolean over() {
    return over;
  }

  /** Woken, as readable, when it has ended. */
  public WaitQueue end() {
    return end;
  }

  /** Notes that it has ended. */
  void setOver() {
    over = true;
    end.wake(PollEvents.IN | PollEvents.RDNORM);
  }

  /** Lets somebody outside the sandbox know how the process ended. To be called before it runs. */
  public void whenEnded(Consumer<WaitStatus> told) {
    mourner = told;
  }

  /** Tells whoever asked for it how the process ended. */
  void tellEnd(WaitStatus status) {
    Consumer<WaitStatus> told = mourner;
    if (told != null) {
      told.accept(status);
    }
  }

  /** Marks the end of the last task; false when somebody else did so before. */
  synchronized boolean lastEnded() {
    boolean first = !ended;
    ended = true;
    return first;
  }

  /** How the process ended. */
  WaitStatus finalStatus() {
    WaitStatus whole = signals.exiting();
    if (whole != null) {
      return whole;
    }
    WaitStatus leader = leaderExit;
    return leader != null ? leader : new WaitStatus.Exited(0);
  }

  /** What its tasks share of signals. Thread-safe. */
  public ProcessSignals signals() {
    return signals;
  }

  /** The controlling terminal, or null. Thread-safe. */
  public @Nullable Pty terminal() {
    return terminal;
  }

  /** Sets the controlling terminal, which belongs to the session. */
  public void setTerminal(@Nullable Pty next) {
    terminal = next;
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
