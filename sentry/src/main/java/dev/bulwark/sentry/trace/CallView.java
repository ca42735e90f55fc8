package dev.bulwark.sentry.trace;

import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.UserMemory;

/** One call in progress: what its printers look at. Used by the task's thread alone. */
final class CallView {
  final Task task;
  final long number;
  final long[] arguments;
  final Signature signature;
  final long started = System.nanoTime();
  UserMemory memory;

  /** The first argument that waits for the result. */
  int printed;

  /** What the call returned; valid when {@link #done}. */
  long result;

  boolean done;

  CallView(Task task, long number, long[] arguments, Signature signature) {
    this.task = task;
    this.number = number;
    this.arguments = arguments;
    this.signature = signature;
    this.memory = task.memory();
  }

  boolean failed() {
    return result < 0 && result > -4096;
  }
}
