package dev.bulwark.sentry.ipc;

/**
 * One operation of semop(2) ({@code struct sembuf}).
 *
 * @param number of the semaphore
 * @param change what is added, or 0 to wait for zero
 * @param flags IPC_NOWAIT and SEM_UNDO
 */
record SemOperation(int number, int change, int flags) {
  /** IPC_NOWAIT. */
  static final int NO_WAIT = 04000;

  /** SEM_UNDO. */
  static final int UNDO = 0x1000;

  /** Size of the C structure. */
  static final int SIZE = 6;

  boolean undone() {
    return (flags & UNDO) != 0;
  }

  boolean waits() {
    return (flags & NO_WAIT) == 0;
  }
}
