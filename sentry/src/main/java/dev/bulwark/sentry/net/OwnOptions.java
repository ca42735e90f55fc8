package dev.bulwark.sentry.net;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;

/** A socket whose family knows its options itself; only timeouts are kept for it. */
public interface OwnOptions {

  /**
   * setsockopt(2).
   *
   * @param value address of the value in the task's memory
   * @param length at least 0
   * @return 0, or negated: ENOPROTOOPT, EPERM and others
   */
  long setOption(Task task, int level, int name, long value, int length) throws ErrnoException;

  /**
   * getsockopt(2).
   *
   * @param room how many bytes the task has room for, at least 0
   * @return the value, at most {@code room} bytes
   * @throws ErrnoException ENOPROTOOPT and others
   */
  byte[] option(Task task, int level, int name, int room) throws ErrnoException;
}
