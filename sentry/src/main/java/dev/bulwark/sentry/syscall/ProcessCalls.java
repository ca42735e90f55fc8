package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;

/** Identifiers of tasks, processes, groups and sessions. */
final class ProcessCalls {
  private ProcessCalls() {}

  /** Adds the rows. */
  static void rows(SyscallTable.Builder table) {
    table
        .row(Sys.GETPID, Support.FULL, "", (task, _, _, _, _, _, _) -> task.process().pid())
        .row(Sys.GETTID, Support.FULL, "", (task, _, _, _, _, _, _) -> task.tid())
        .row(
            Sys.GETPPID,
            Support.FULL,
            "",
            (task, _, _, _, _, _, _) -> task.kernel().processes().parentPid(task.process()))
        .row(
            Sys.SET_TID_ADDRESS,
            Support.FULL,
            "",
            (task, address, _, _, _, _, _) -> {
              task.setClearTid(address);
              return task.tid();
            })
        .row(
            Sys.SETPGID,
            Support.FULL,
            "",
            (task, pid, group, _, _, _, _) ->
                task.kernel().processes().setGroup(task.process(), (int) pid, (int) group))
        .row(
            Sys.GETPGID,
            Support.FULL,
            "",
            (task, pid, _, _, _, _, _) ->
                task.kernel().processes().group(task.process(), positive(pid)))
        .row(
            Sys.GETPGRP,
            Support.FULL,
            "",
            (task, _, _, _, _, _, _) -> task.kernel().processes().group(task.process(), 0))
        .row(
            Sys.GETSID,
            Support.FULL,
            "",
            (task, pid, _, _, _, _, _) ->
                task.kernel().processes().session(task.process(), positive(pid)))
        .row(Sys.SETSID, Support.FULL, "", (task, _, _, _, _, _, _) -> setsid(task));
  }

  private static int positive(long pid) throws ErrnoException {
    if ((int) pid < 0) {
      throw ErrnoException.of(Errno.ESRCH);
    }
    return (int) pid;
  }

  private static long setsid(Task task) {
    return task.kernel().processes().setSession(task.process());
  }
}
