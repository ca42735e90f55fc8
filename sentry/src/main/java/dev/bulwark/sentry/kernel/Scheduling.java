package dev.bulwark.sentry.kernel;

import org.jspecify.annotations.Nullable;

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
  private long @Nullable [] affinity;

  /** Those of the first task, which may run everywhere. */
  public Scheduling() {}

  /** Those of a task that this one's task clones. */
  public synchronized Scheduling forChild() {
    Scheduling child = new Scheduling();
    child.affinity = affinity;
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

  /**
   * The processors on which the task wishes to run, 64 to a word: all, where it has no wish, or
   * where none that it named is left.
   *
   * @param all those that it may use
   */
  public synchronized long[] affinity(long[] all) {
    long[] wish = affinity;
    if (wish == null) {
      return all;
    }
    long[] chosen = new long[all.length];
    long any = 0;
    for (int i = 0; i < Math.min(all.length, wish.length); i++) {
      chosen[i] = wish[i] & all[i];
      any |= chosen[i];
    }
    return any == 0 ? all : chosen;
  }

  /** Replaces the processors. */
  public synchronized void setAffinity(long[] processors) {
    affinity = processors.clone();
  }
}
