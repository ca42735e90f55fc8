package dev.bulwark.sentry.kernel;

/**
 * What prctl(2) and personality(2) keep for each task. Written by the task itself, and its name by
 * any task of the process; read by any thread.
 */
public final class TaskAttributes {
  /** The most bytes of a name, without the NUL (TASK_COMM_LEN - 1). */
  public static final int NAME_LENGTH = 15;

  /** The slack of timers that a fresh system gives, in nanoseconds. */
  private static final long INITIAL_TIMER_SLACK = 50_000;

  /** The personality's bits that a program with more privileges does not take over. */
  private static final int CLEARED_ON_SECURE_EXEC = 0x740_0000 | 0x0100000;

  private volatile String name = "";
  private volatile int deathSignal;
  private volatile boolean noNewPrivileges;
  private volatile boolean ioFlusher;
  private volatile int machineCheckPolicy = 2;
  private volatile long timerSlack = INITIAL_TIMER_SLACK;
  private volatile long defaultTimerSlack = INITIAL_TIMER_SLACK;
  private volatile int personality;
  private final Scheduling scheduling;

  /** Those of the first task. */
  public TaskAttributes() {
    this(new Scheduling());
  }

  private TaskAttributes(Scheduling scheduling) {
    this.scheduling = scheduling;
  }

  /** Those of a task that this one's task clones. */
  public TaskAttributes forChild() {
    TaskAttributes child = new TaskAttributes(scheduling.forChild());
    child.name = name;
    child.noNewPrivileges = noNewPrivileges;
    child.ioFlusher = ioFlusher;
    child.machineCheckPolicy = machineCheckPolicy;
    child.timerSlack = timerSlack;
    child.defaultTimerSlack = timerSlack;
    child.personality = personality;
    return child;
  }

  /**
   * Takes note of execve(2).
   *
   * @param command the last component of the program's path
   * @param secure whether privileges grew
   */
  public void executed(String command, boolean secure) {
    setName(command);
    if (secure) {
      deathSignal = 0;
      personality &= ~CLEARED_ON_SECURE_EXEC;
    }
  }

  /** PR_GET_NAME, {@code /proc/PID/comm}: at most {@link #NAME_LENGTH} bytes. */
  public String name() {
    return name;
  }

  /** PR_SET_NAME; a longer name is cut. */
  public void setName(String next) {
    name = next.length() > NAME_LENGTH ? next.substring(0, NAME_LENGTH) : next;
  }

  /** PR_GET_PDEATHSIG: the signal that the end of the parent's task sends here, or 0. */
  public int deathSignal() {
    return deathSignal;
  }

  /** PR_SET_PDEATHSIG. */
  public void setDeathSignal(int signal) {
    deathSignal = signal;
  }

  /** PR_GET_NO_NEW_PRIVS: whether execve(2) gives no privileges. */
  public boolean noNewPrivileges() {
    return noNewPrivileges;
  }

  /** PR_SET_NO_NEW_PRIVS; there is no way back. */
  public void refuseNewPrivileges() {
    noNewPrivileges = true;
  }

  /** PR_GET_IO_FLUSHER. */
  public boolean ioFlusher() {
    return ioFlusher;
  }

  /** PR_SET_IO_FLUSHER, kept for the asking only: memory is the host's to reclaim. */
  public void setIoFlusher(boolean on) {
    ioFlusher = on;
  }

  /** PR_MCE_KILL_GET: 0 late, 1 early, 2 as the system is set. */
  public int machineCheckPolicy() {
    return machineCheckPolicy;
  }

  /** PR_MCE_KILL, kept for the asking only: the host handles broken memory. */
  public void setMachineCheckPolicy(int policy) {
    machineCheckPolicy = policy;
  }

  /** PR_GET_TIMERSLACK, in nanoseconds. */
  public long timerSlack() {
    return timerSlack;
  }

  /** PR_SET_TIMERSLACK, in nanoseconds; 0 or less restores what the task was made with. */
  public void setTimerSlack(long nanos) {
    timerSlack = nanos <= 0 ? defaultTimerSlack : nanos;
  }

  /** personality(2). */
  public int personality() {
    return personality;
  }

  /** Replaces the personality. */
  public void setPersonality(int next) {
    personality = next;
  }

  /** How the task wishes to be scheduled. */
  public Scheduling scheduling() {
    return scheduling;
  }
}
