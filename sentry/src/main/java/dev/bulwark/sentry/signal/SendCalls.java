package dev.bulwark.sentry.signal;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.PidFile;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import org.jspecify.annotations.Nullable;

/** The calls that send signals: kill(2), tkill(2), tgkill(2), rt_sigqueueinfo(2). */
final class SendCalls {
  private SendCalls() {}

  static void rows(SyscallTable.Builder table) {
    table
        .row(Sys.KILL, Support.FULL, "", (task, a, b, _, _, _, _) -> kill(task, (int) a, (int) b))
        .row(Sys.TKILL, Support.FULL, "", (task, a, b, _, _, _, _) -> tkill(task, (int) a, (int) b))
        .row(
            Sys.TGKILL,
            Support.FULL,
            "",
            (task, a, b, c, _, _, _) -> tgkill(task, (int) a, (int) b, (int) c))
        .row(
            Sys.RT_SIGQUEUEINFO,
            Support.FULL,
            "",
            (task, a, b, c, _, _, _) -> queue(task, (int) a, (int) b, c))
        .row(
            Sys.RT_TGSIGQUEUEINFO,
            Support.FULL,
            "",
            (task, a, b, c, d, _, _) -> threadQueue(task, (int) a, (int) b, (int) c, d))
        .row(
            Sys.PIDFD_SEND_SIGNAL,
            Support.FULL,
            "",
            (task, fd, signal, info, flags, _, _) ->
                pidFd(task, (int) fd, (int) signal, info, (int) flags));
  }

  private static SignalInfo from(Task sender, int signal, int code) {
    return SignalInfo.user(signal, code, sender.process().pid(), sender.credentials().uid());
  }

  private static long kill(Task task, int pid, int signal) {
    SignalInfo info = from(task, signal, SignalInfo.SI_USER);
    if (pid > 0) {
      return toProcess(task, pid, info);
    }
    if (pid == Integer.MIN_VALUE) {
      return -Errno.ESRCH;
    }
    if (pid == -1) {
      return SignalSender.sendToAll(task, info);
    }
    int group = pid == 0 ? task.kernel().processes().group(task.process(), 0) : -pid;
    return SignalSender.sendToGroupChecked(task, group, info);
  }

  /** Linux takes the identifier of any thread for its process here. */
  private static long toProcess(Task sender, int pid, SignalInfo info) {
    ThreadGroup process = sender.kernel().processes().find(pid);
    if (process == null) {
      Task thread = sender.kernel().tasks().find(pid);
      if (thread == null) {
        return -Errno.ESRCH;
      }
      process = thread.process();
    }
    return SignalSender.sendChecked(sender, process, info);
  }

  private static long tkill(Task task, int tid, int signal) {
    if (tid <= 0) {
      return -Errno.EINVAL;
    }
    return toTask(task, null, tid, from(task, signal, SignalInfo.SI_TKILL));
  }

  private static long tgkill(Task task, int pid, int tid, int signal) {
    if (tid <= 0 || pid <= 0) {
      return -Errno.EINVAL;
    }
    return toTask(task, pid, tid, from(task, signal, SignalInfo.SI_TKILL));
  }

  private static long toTask(Task sender, @Nullable Integer pid, int tid, SignalInfo info) {
    Task task = sender.kernel().tasks().find(tid);
    if (task == null) {
      // A process whose first task has ended can still be named by it, and has nobody to take it.
      ThreadGroup process = sender.kernel().processes().find(tid);
      if (process == null || (pid != null && process.pid() != pid)) {
        return -Errno.ESRCH;
      }
      return SignalSender.check(sender, process, process.signals().credentials(), info);
    }
    if (pid != null && task.process().pid() != pid) {
      return -Errno.ESRCH;
    }
    long refused = SignalSender.check(sender, task.process(), task.credentials(), info);
    return refused != 0 || info.signo() == 0 ? refused : SignalSender.send(task, info);
  }

  /**
   * What an application wants to be told. Bytes that no layout uses must be zero (E2BIG), so that
   * they can get a meaning later.
   */
  private static SignalInfo readInfo(Task task, long address, int signal) throws ErrnoException {
    byte[] bytes = task.memory().readBytes(address, SignalInfo.SIZE);
    for (int i = SignalInfo.USED; i < SignalInfo.SIZE; i++) {
      if (bytes[i] != 0) {
        throw ErrnoException.of(Errno.E2BIG);
      }
    }
    return SignalInfo.decode(bytes, signal);
  }

  /** Only to oneself may a task pretend that the kernel or kill(2) speaks. */
  private static boolean forged(Task task, int to, SignalInfo info) {
    return (info.code() >= 0 || info.code() == SignalInfo.SI_TKILL) && to != task.tid();
  }

  private static long queue(Task task, int pid, int signal, long info) throws ErrnoException {
    SignalInfo given = readInfo(task, info, signal);
    if (forged(task, pid, given)) {
      return -Errno.EPERM;
    }
    return pid <= 0 ? -Errno.ESRCH : toProcess(task, pid, given);
  }

  private static long threadQueue(Task task, int pid, int tid, int signal, long info)
      throws ErrnoException {
    SignalInfo given = readInfo(task, info, signal);
    if (pid <= 0 || tid <= 0) {
      return -Errno.EINVAL;
    }
    if (forged(task, tid, given)) {
      return -Errno.EPERM;
    }
    return toTask(task, pid, tid, given);
  }

  private static long pidFd(Task task, int fd, int signal, long info, int flags)
      throws ErrnoException {
    if (flags != 0) {
      return -Errno.EINVAL;
    }
    ThreadGroup process = PidFile.processOf(task, fd);
    SignalInfo given = from(task, signal, SignalInfo.SI_USER);
    if (info != 0) {
      given = readInfo(task, info, signal);
      if (task.memory().getInt(info) != signal) {
        return -Errno.EINVAL;
      }
      if (forged(task, process.pid(), given)) {
        return -Errno.EPERM;
      }
    }
    return process.over() ? -Errno.ESRCH : SignalSender.sendChecked(task, process, given);
  }
}
