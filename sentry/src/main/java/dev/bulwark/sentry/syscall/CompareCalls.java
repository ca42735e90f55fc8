package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.vfs.FileDescription;

/** kcmp(2): whether two tasks share a resource. */
final class CompareCalls {
  private static final int FILE = 0;
  private static final int VM = 1;
  private static final int FILES = 2;
  private static final int FS = 3;
  private static final int SIGHAND = 4;
  private static final int IO = 5;
  private static final int SYSVSEM = 6;
  private static final int EPOLL_TFD = 7;

  private static final int LESS = 1;
  private static final int GREATER = 2;
  private static final int UNORDERED = 3;

  private CompareCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.KCMP,
        Support.PARTIAL,
        "KCMP_EPOLL_TFD is EOPNOTSUPP; KCMP_IO and KCMP_SYSVSEM compare the tasks themselves",
        (t, one, other, type, first, second, _) ->
            compare(t, (int) one, (int) other, (int) type, (int) first, (int) second));
  }

  private static long compare(Task task, int one, int other, int type, int first, int second)
      throws ErrnoException {
    Task a = task.kernel().tasks().find(one);
    Task b = task.kernel().tasks().find(other);
    if (a == null || b == null) {
      return -Errno.ESRCH;
    }
    if (!RemoteMemoryCalls.mayAccess(task, a) || !RemoteMemoryCalls.mayAccess(task, b)) {
      return -Errno.EPERM;
    }
    return switch (type) {
      case FILE -> files(a, first, b, second);
      case VM -> order(a.memory(), b.memory());
      case FILES -> order(a.files(), b.files());
      case FS -> order(a.fs(), b.fs());
      case SIGHAND -> order(a.process().signals().actions(), b.process().signals().actions());
      case IO, SYSVSEM -> order(a, b);
      case EPOLL_TFD -> -Errno.EOPNOTSUPP;
      default -> -Errno.EINVAL;
    };
  }

  private static long files(Task a, int first, Task b, int second) throws ErrnoException {
    try (FileDescription one = a.files().acquire(first);
        FileDescription other = b.files().acquire(second)) {
      return order(one, other);
    }
  }

  /**
   * Objects have an order of no meaning that stays as long as they live; it may not tell two apart.
   */
  @SuppressWarnings("ReferenceEquality") // identity is what is asked for
  private static long order(Object one, Object other) {
    if (one == other) {
      return 0;
    }
    int order = Integer.compare(System.identityHashCode(one), System.identityHashCode(other));
    return order < 0 ? LESS : order > 0 ? GREATER : UNORDERED;
  }
}
