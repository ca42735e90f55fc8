package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.PidFile;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.signal.TaskSignals;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.OpenFlags;
import java.util.List;

/** pidfd_open(2) and pidfd_getfd(2). */
final class PidFileCalls {
  private PidFileCalls() {}

  /** Adds the rows. */
  static void rows(SyscallTable.Builder table) {
    table
        .row(
            Sys.PIDFD_OPEN,
            Support.FULL,
            "",
            (task, pid, flags, _, _, _, _) -> open(task, (int) pid, (int) flags))
        .row(
            Sys.PIDFD_GETFD,
            Support.FULL,
            "",
            (task, pidFd, fd, flags, _, _, _) -> getfd(task, (int) pidFd, (int) fd, (int) flags));
  }

  private static long open(Task task, int pid, int flags) throws ErrnoException {
    if ((flags & ~OpenFlags.NONBLOCK) != 0 || pid <= 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    ThreadGroup process = task.kernel().processes().find(pid);
    if (process == null) {
      // A task that is not the first of its process has an identifier, but is no process.
      boolean thread = task.kernel().tasks().find(pid) != null;
      throw ErrnoException.of(thread ? Errno.EINVAL : Errno.ESRCH);
    }
    return EventCalls.install(task, new PidFile(process, OpenFlags.RDWR | flags), true);
  }

  private static long getfd(Task task, int pidFd, int fd, int flags) throws ErrnoException {
    if (flags != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    FileDescription file;
    try (PidFile of = PidFile.acquire(task, pidFd)) {
      List<TaskSignals> tasks = of.process().signals().tasks();
      if (tasks.isEmpty()) {
        throw ErrnoException.of(Errno.ESRCH);
      }
      Task target = tasks.getFirst().task();
      if (!RemoteMemoryCalls.mayAccess(task, target)) {
        throw ErrnoException.of(Errno.EPERM);
      }
      file = target.files().acquire(fd);
    }
    return EventCalls.install(task, file, true);
  }
}
