package dev.bulwark.sentry.kernel;

/**
 * What the tree of processes tells the code that delivers signals. Called with the tree's lock
 * held, so an implementation queues signals and wakes tasks, and does not call back into the tree.
 */
public interface ProcessEvents {

  /**
   * A child ended, stopped or went on: the parent gets its signal, and sleepers in wait4(2) look
   * again.
   */
  void childChanged(ThreadGroup parent, ThreadGroup child, WaitStatus status);

  /**
   * Whether a process ignores SIGCHLD or set SA_NOCLDWAIT, so that its children leave no zombies.
   */
  boolean discardsChildren(ThreadGroup parent);

  /**
   * A process group with a stopped member has become orphaned: its members get SIGHUP, then
   * SIGCONT.
   */
  void orphanedWithStopped(ProcessGroup group);

  /** The parent of a process has ended, and another takes its place (PR_SET_PDEATHSIG). */
  void parentEnded(ThreadGroup child);
}
