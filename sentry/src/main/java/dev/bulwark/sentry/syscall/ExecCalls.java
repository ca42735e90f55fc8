package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Execution;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.WaitStatus;
import dev.bulwark.sentry.loader.ExecArguments;
import dev.bulwark.sentry.loader.VfsProgram;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Location;

/** execve(2), execveat(2), and the two ways to end: _exit(2), exit_group(2). */
final class ExecCalls {
  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_EMPTY_PATH = 0x1000;

  private ExecCalls() {}

  /** Adds the rows. */
  static void rows(SyscallTable.Builder table) {
    table
        .row(
            Sys.EXECVE,
            Support.FULL,
            "",
            (task, path, arguments, environment, _, _, _) ->
                execve(task, AT_FDCWD, path, arguments, environment, 0))
        .row(
            Sys.EXECVEAT,
            Support.FULL,
            "",
            (task, fd, path, arguments, environment, flags, _) ->
                execve(task, (int) fd, path, arguments, environment, (int) flags))
        .row(Sys.EXIT, Support.FULL, "", (task, code, _, _, _, _, _) -> exit(task, (int) code))
        .row(
            Sys.EXIT_GROUP,
            Support.FULL,
            "",
            (task, code, _, _, _, _, _) -> exitGroup(task, (int) code));
  }

  private static long execve(
      Task task, int fd, long path, long arguments, long environment, int flags)
      throws ErrnoException {
    if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    String name = task.memory().readPath(path);
    if (name.isEmpty() && (flags & AT_EMPTY_PATH) == 0) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    boolean follow = (flags & AT_SYMLINK_NOFOLLOW) == 0;
    VfsProgram file;
    String shown = name;
    boolean reachable = true;
    if (name.startsWith("/") || fd == AT_FDCWD) {
      file = Execution.open(task, task.fs().walk(task.credentials()).find(name, follow));
    } else {
      try (FileDescription base = task.files().acquire(fd)) {
        Location location = base.location();
        if (location == null) {
          throw ErrnoException.of(name.isEmpty() ? Errno.EACCES : Errno.ENOTDIR);
        }
        if (!name.isEmpty()) {
          location = task.fs().walk(location, task.credentials(), 0).find(name, follow);
        }
        file = Execution.open(task, location);
        reachable = !task.files().closeOnExec(fd);
      }
      shown = "/dev/fd/" + fd + (name.isEmpty() ? "" : "/" + name);
    }
    ExecArguments strings;
    try {
      strings = ExecArguments.read(task.memory(), shown, arguments, environment, stackLimit(task));
    } catch (ErrnoException e) {
      file.close();
      throw e;
    }
    Execution.exec(task, file, strings, reachable);
    return 0;
  }

  private static long stackLimit(Task task) {
    return task.process().limits().soft(dev.bulwark.sentry.kernel.Limits.STACK);
  }

  private static long exit(Task task, int code) {
    task.exit(new WaitStatus.Exited(code & 0xff));
    return 0;
  }

  private static long exitGroup(Task task, int code) {
    WaitStatus status = new WaitStatus.Exited(code & 0xff);
    task.process().signals().exitGroup(status);
    task.exit(status);
    return 0;
  }
}
