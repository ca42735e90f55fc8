package dev.bulwark.platform;

/** Why a {@link Context} stopped running application code. */
public enum Event {
  /** The application made a system call: number and arguments stand in the registers. */
  SYSCALL,
  /** The application faulted or trapped: {@link Context#fault} says how. */
  FAULT,
  /**
   * {@link Context#kick} interrupted the application; the registers are those of the interrupted
   * instruction.
   */
  KICKED,
  /** The stub has died or its address space was closed; the context cannot run any more. */
  DIED
}
