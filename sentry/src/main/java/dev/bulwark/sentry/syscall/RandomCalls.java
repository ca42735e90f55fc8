package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostRandom;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;

/** Random bytes, which are the host kernel's: getrandom(2). */
final class RandomCalls {
  private static final int GRND_RANDOM = 2;
  private static final int GRND_INSECURE = 4;
  private static final int GRND_ALL = 7;
  private static final int CHUNK = 4096;

  private RandomCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.GETRANDOM,
        Support.FULL,
        "",
        (t, buffer, length, flags, _, _, _) -> getrandom(t, buffer, length, (int) flags));
  }

  private static long getrandom(Task task, long buffer, long length, int flags)
      throws ErrnoException {
    if ((flags & ~GRND_ALL) != 0
        || (flags & (GRND_RANDOM | GRND_INSECURE)) == (GRND_RANDOM | GRND_INSECURE)) {
      return -Errno.EINVAL;
    }
    long wanted = length < 0 ? Integer.MAX_VALUE : Math.min(length, Integer.MAX_VALUE);
    byte[] chunk = new byte[(int) Math.min(wanted, CHUNK)];
    long done = 0;
    while (done < wanted) {
      int n = (int) Math.min(wanted - done, CHUNK);
      HostRandom.fill(chunk, n);
      try {
        task.memory().write(buffer + done, chunk, 0, n);
      } catch (ErrnoException e) {
        if (done > 0) {
          return done;
        }
        throw e;
      }
      done += n;
      if (task.interrupted()) {
        break; // a large request must not keep a signal waiting
      }
    }
    return done;
  }
}
