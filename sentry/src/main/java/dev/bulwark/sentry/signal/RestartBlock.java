package dev.bulwark.sentry.signal;

import dev.bulwark.sentry.kernel.Task;

/**
 * How an interrupted call goes on when no handler ran (ERESTART_RESTARTBLOCK): with what is left of
 * its time, which its arguments no longer say. restart_syscall(2) calls it.
 */
@FunctionalInterface
public interface RestartBlock {

  /** Goes on with the call; the result is the call's. */
  long resume(Task task);
}
