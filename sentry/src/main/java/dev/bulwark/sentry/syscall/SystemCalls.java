package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.UtsNames;
import java.nio.charset.StandardCharsets;

/** The system as a whole: uname(2), names, personality(2), syslog(2). */
final class SystemCalls {
  /** Size of a field of {@code struct new_utsname}. */
  private static final int FIELD = UtsNames.LENGTH + 1;

  private static final int QUERY_PERSONALITY = -1;
  private static final int PERSONALITY_KIND = 0xff;
  private static final int PER_LINUX32 = 8;

  /** A log that nobody writes to still has a size. */
  private static final int LOG_SIZE = 1 << 14;

  private SystemCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(Sys.UNAME, Support.FULL, "", (t, address, _, _, _, _, _) -> uname(t, address));
    table.row(
        Sys.SETHOSTNAME,
        Support.FULL,
        "",
        (t, name, length, _, _, _, _) -> {
          String host = name(t, name, (int) length);
          t.kernel().names().setHost(host);
          return 0;
        });
    table.row(
        Sys.SETDOMAINNAME,
        Support.FULL,
        "",
        (t, name, length, _, _, _, _) -> {
          String domain = name(t, name, (int) length);
          t.kernel().names().setDomain(domain);
          return 0;
        });
    table.row(
        Sys.PERSONALITY,
        Support.PARTIAL,
        "only the machine's name of PER_LINUX32 has an effect",
        (t, wanted, _, _, _, _, _) -> personality(t, (int) wanted));
    table.row(
        Sys.SYSLOG,
        Support.PARTIAL,
        "the kernel's log is empty",
        (t, action, buffer, length, _, _, _) -> syslog(t, (int) action, buffer, (int) length));
  }

  private static long uname(Task task, long address) throws ErrnoException {
    boolean narrow = (task.attributes().personality() & PERSONALITY_KIND) == PER_LINUX32;
    UtsNames names = task.kernel().names();
    byte[] all = new byte[6 * FIELD];
    put(all, 0, UtsNames.SYSTEM);
    put(all, 1, names.host());
    put(all, 2, UtsNames.RELEASE);
    put(all, 3, UtsNames.VERSION);
    put(all, 4, narrow ? "i686" : UtsNames.MACHINE);
    put(all, 5, names.domain());
    task.memory().write(address, all);
    return 0;
  }

  private static void put(byte[] all, int field, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, all, field * FIELD, Math.min(bytes.length, UtsNames.LENGTH));
  }

  private static String name(Task task, long address, int length) throws ErrnoException {
    if (!task.credentials().has(Capability.SYS_ADMIN)) {
      throw ErrnoException.of(Errno.EPERM);
    }
    if (length < 0 || length > UtsNames.LENGTH) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    String name = new String(task.memory().readBytes(address, length), StandardCharsets.ISO_8859_1);
    int end = name.indexOf(0);
    return end < 0 ? name : name.substring(0, end);
  }

  private static long personality(Task task, int wanted) {
    int old = task.attributes().personality();
    if (wanted != QUERY_PERSONALITY) {
      task.attributes().setPersonality(wanted);
    }
    return old & 0xffffffffL;
  }

  private static long syslog(Task task, int action, long buffer, int length) {
    if (action < 0 || action > 10) {
      return task.credentials().has(Capability.SYSLOG) ? -Errno.EINVAL : -Errno.EPERM;
    }
    if (!task.credentials().has(Capability.SYSLOG)) {
      return -Errno.EPERM;
    }
    return switch (action) {
      case 2 -> { // SYSLOG_ACTION_READ waits for a first line
        if (buffer == 0 || length < 0) {
          yield -Errno.EINVAL;
        }
        yield length == 0 ? 0 : task.sleep(() -> false, Task.NEVER);
      }
      case 3, 4 -> buffer == 0 || length < 0 ? -Errno.EINVAL : 0;
      case 8 -> length < 1 || length > 8 ? -Errno.EINVAL : 0;
      case 10 -> LOG_SIZE;
      default -> 0;
    };
  }
}
