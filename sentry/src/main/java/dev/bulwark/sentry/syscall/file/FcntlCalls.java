package dev.bulwark.sentry.syscall.file;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.AsyncOwner;
import dev.bulwark.sentry.vfs.DirectoryNotice;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Permission;

/** fcntl(2) but for its locks. */
final class FcntlCalls {
  private static final int F_DUPFD = 0;
  private static final int F_GETFD = 1;
  private static final int F_SETFD = 2;
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int F_SETOWN = 8;
  private static final int F_GETOWN = 9;
  private static final int F_SETSIG = 10;
  private static final int F_GETSIG = 11;
  private static final int F_SETOWN_EX = 15;
  private static final int F_GETOWN_EX = 16;
  private static final int F_SETLEASE = 1024;
  private static final int F_GETLEASE = 1025;
  private static final int F_NOTIFY = 1026;
  private static final int F_DUPFD_QUERY = 1027;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int F_ADD_SEALS = 1033;
  private static final int F_GET_SEALS = 1034;
  private static final int F_UNLCK = 2;
  private static final int FD_CLOEXEC = 1;
  private static final int MAX_SIGNAL = 64;

  private FcntlCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.FCNTL,
        Support.PARTIAL,
        "no leases: F_SETLEASE is EINVAL",
        (t, fd, command, argument, _, _, _) -> fcntl(t, (int) fd, (int) command, argument));
  }

  private static long fcntl(Task task, int fd, int command, long argument) throws ErrnoException {
    try (FileDescription file = task.files().acquire(fd)) {
      if (file.isPath() && !allowedOnPlaces(command)) {
        return -Errno.EBADF;
      }
      return switch (command) {
        case F_DUPFD -> duplicate(task, file, argument, false);
        case F_DUPFD_CLOEXEC -> duplicate(task, file, argument, true);
        case F_DUPFD_QUERY -> same(task, file, (int) argument);
        case F_GETFD -> task.files().closeOnExec(fd) ? FD_CLOEXEC : 0;
        case F_SETFD -> {
          task.files().setCloseOnExec(fd, (argument & FD_CLOEXEC) != 0);
          yield 0;
        }
        case F_GETFL -> file.flags();
        case F_SETFL -> setFlags(task, fd, file, (int) argument);
        case F_SETOWN, F_GETOWN, F_SETOWN_EX, F_GETOWN_EX, F_SETSIG, F_GETSIG ->
            owner(task, file, command, argument);
        case F_SETLEASE -> -Errno.EINVAL;
        case F_GETLEASE -> F_UNLCK;
        case F_NOTIFY -> notice(task, file, fd, (int) argument);
        case F_ADD_SEALS -> addSeals(file, (int) argument);
        case F_GET_SEALS -> file.location().inode().seals();
        default ->
            LockCalls.isCommand(command)
                ? LockCalls.fcntl(task, fd, file, command, argument)
                : file.fcntl(task, command, argument);
      };
    }
  }

  private static boolean allowedOnPlaces(int command) {
    return switch (command) {
      case F_DUPFD, F_DUPFD_CLOEXEC, F_DUPFD_QUERY, F_GETFD, F_SETFD, F_GETFL -> true;
      default -> false;
    };
  }

  private static long notice(Task task, FileDescription file, int fd, int events)
      throws ErrnoException {
    if (!file.location().inode().isDirectory()) {
      return -Errno.ENOTDIR;
    }
    if (file.asyncOwner() == null) {
      file.setAsyncOwner(AsyncOwner.process(task.kernel(), task.process(), task.credentials()));
    }
    DirectoryNotice.set(file, fd, events);
    return 0;
  }

  private static long duplicate(Task task, FileDescription file, long least, boolean cloexec)
      throws ErrnoException {
    long limit = task.process().limits().descriptors();
    if (Long.compareUnsigned(least & 0xffffffffL, limit) >= 0) {
      return -Errno.EINVAL;
    }
    if (!file.acquire()) {
      return -Errno.EBADF;
    }
    try {
      return task.files().install(file, (int) least, cloexec, limit);
    } catch (ErrnoException e) {
      file.close();
      throw e;
    }
  }

  private static long same(Task task, FileDescription file, int other) throws ErrnoException {
    try (FileDescription that = task.files().acquire(other)) {
      return file.equals(that) ? 1 : 0;
    }
  }

  private static long setFlags(Task task, int fd, FileDescription file, int flags)
      throws ErrnoException {
    int changed = flags ^ file.flags();
    if ((changed & flags & OpenFlags.NOATIME) != 0
        && !Permission.owns(file.attributes().uid(), task.credentials())) {
      return -Errno.EPERM;
    }
    if ((changed & OpenFlags.ASYNC) != 0) {
      file.driveBySignals(fd, (flags & OpenFlags.ASYNC) != 0);
    }
    file.setFlags(flags);
    return 0;
  }

  private static long owner(Task task, FileDescription file, int command, long argument)
      throws ErrnoException {
    AsyncOwner now = file.asyncOwner();
    switch (command) {
      case F_GETOWN -> {
        int id = now == null ? 0 : now.living();
        return now != null && now.type() == AsyncOwner.GROUP ? -id : id;
      }
      case F_GETSIG -> {
        return file.asyncSignal();
      }
      case F_GETOWN_EX -> {
        task.memory().putInt(argument, now == null ? AsyncOwner.THREAD : now.type());
        task.memory().putInt(argument + 4, now == null ? 0 : now.living());
      }
      case F_SETOWN -> {
        int id = (int) argument;
        if (id == Integer.MIN_VALUE) {
          return -Errno.EINVAL;
        }
        int type = id < 0 ? AsyncOwner.GROUP : AsyncOwner.PROCESS;
        file.setAsyncOwner(find(task, type, Math.abs(id)));
      }
      case F_SETOWN_EX -> {
        int type = task.memory().getInt(argument);
        int id = task.memory().getInt(argument + 4);
        if (type < AsyncOwner.THREAD || type > AsyncOwner.GROUP) {
          return -Errno.EINVAL;
        }
        file.setAsyncOwner(find(task, type, id));
      }
      default -> {
        if (argument < 0 || argument > MAX_SIGNAL) {
          return -Errno.EINVAL;
        }
        file.setAsyncSignal((int) argument);
      }
    }
    return 0;
  }

  private static AsyncOwner find(Task task, int type, int id) throws ErrnoException {
    Kernel kernel = task.kernel();
    Credentials setter = task.credentials();
    if (id == 0) {
      return AsyncOwner.nobody(kernel, type, setter);
    }
    switch (type) {
      case AsyncOwner.THREAD -> {
        Task thread = kernel.tasks().find(id);
        if (thread != null) {
          return AsyncOwner.thread(thread, setter);
        }
      }
      case AsyncOwner.PROCESS -> {
        ThreadGroup process = kernel.processes().find(id);
        if (process != null) {
          return AsyncOwner.process(kernel, process, setter);
        }
      }
      default -> {
        if (!kernel.processes().members(id).isEmpty()) {
          return AsyncOwner.group(kernel, id, setter);
        }
      }
    }
    throw ErrnoException.of(Errno.ESRCH);
  }

  private static long addSeals(FileDescription file, int seals) throws ErrnoException {
    if (!file.writable()) {
      return -Errno.EPERM;
    }
    file.location().inode().addSeals(seals);
    return 0;
  }
}
