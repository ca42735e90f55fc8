package dev.bulwark.sentry.kernel;

/**
 * How a task wishes to be scheduled. The host decides; what was wished is told again, and only the
 * rules on who may wish what are Linux's. Thread-safe.
 */
public final class Scheduling {
  /** The usual policy. */
  public static final int OTHER = 0;

  /** Real time, first in, first out. */
  public static final int FIFO = 1;

  /** Real time, in turns. */
  public static final int ROUND_ROBIN = 2;

  /** For computing in the background. */
  public static final int BATCH = 3;

  /** For computing when nobody else does. */
  public static final int IDLE = 5;

  private int policy;
  private int priority;
  private int nice;
  private boolean resetOnFork;
  private int ioPriority;
  private long[] affinity;

  /** Those of the first task, which may run everywhere. */
  public Scheduling() {
    affinity = everywhere();
  }

  /** All processors that the Sentry has. */
  public static long[] everywhere() {
    int processors = Runtime.getRuntime().availableProcessors();
    long[] all = new long[(processors + 63) / 64];
    for (int i = 0; i < processors; i++) {
      all[i / 64] |= 1L << (i % 64);
    }
    return all;
  }

  /** Those of a task that this one's task clones. */
  public synchronized Scheduling forChild() {
    Scheduling child = new Scheduling();
    child.affinity = affinity.clone();
    child.ioPriority = ioPriority;
    if (!resetOnFork) {
      child.policy = policy;
      child.priority = priority;
      child.nice = nice;
    } else {
      child.policy = realTime(policy) ? OTHER : policy;
      child.nice = Math.max(nice, 0);
    }
    return child;
  }

  /** Whether a policy is one of the two of real time. */
  public static boolean realTime(int policy) {
    return policy == FIFO || policy == ROUND_ROBIN;
  }

  /** The policy. */
  public synchronized int policy() {
    return policy;
  }

  /** The priority of real time, 1 to 99; else 0. */
  public synchronized int priority() {
    return priority;
  }

  /** Whether children start with the usual policy. */
  public synchronized boolean resetOnFork() {
    return resetOnFork;
  }

  /** Replaces policy, priority and what children get. */
  public synchronized void set(int newPolicy, int newPriority, boolean reset) {
    policy = newPolicy;
    priority = newPriority;
    resetOnFork = reset;
  }

  /** The nice value, -20 to 19. */
  public synchronized int nice() {
    return nice;
  }

  /** Replaces the nice value. */
  public synchronized void setNice(int value) {
    nice = value;
  }

  /** The priority of input and output, as ioprio_get(2) encodes it. */
  public synchronized int ioPriority() {
    return ioPriority;
  }

  /** Replaces the priority of input and output. */
  public synchronized void setIoPriority(int value) {
    ioPriority = value;
  }

  /** The processors on which the task wishes to run, 64 to a word. */
  public synchronized long[] affinity() {
    return affinity.clone();
  }

  /** Replaces the processors. */
  public synchronized void setAffinity(long[] processors) {
    affinity = processors.clone();
  }
}
