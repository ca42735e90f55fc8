package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.platform.Registers;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.kernel.ProcessTree;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.TaskAttributes;
import dev.bulwark.sentry.seccomp.SeccompCalls;
import java.nio.charset.StandardCharsets;

/** Peculiarities of a task: prctl(2), arch_prctl(2). Unknown options are EINVAL. */
final class PrctlCalls {
  private static final int SET_PDEATHSIG = 1;
  private static final int GET_PDEATHSIG = 2;
  private static final int GET_DUMPABLE = 3;
  private static final int SET_DUMPABLE = 4;
  private static final int GET_TIMING = 13;
  private static final int SET_TIMING = 14;
  private static final int SET_NAME = 15;
  private static final int GET_NAME = 16;
  private static final int GET_SECCOMP = 21;
  private static final int SET_SECCOMP = 22;
  private static final int GET_TSC = 25;
  private static final int SET_TSC = 26;
  private static final int SET_TIMERSLACK = 29;
  private static final int GET_TIMERSLACK = 30;
  private static final int PERF_EVENTS_DISABLE = 31;
  private static final int PERF_EVENTS_ENABLE = 32;
  private static final int MCE_KILL = 33;
  private static final int MCE_KILL_GET = 34;
  private static final int SET_MM = 35;
  private static final int SET_CHILD_SUBREAPER = 36;
  private static final int GET_CHILD_SUBREAPER = 37;
  private static final int SET_NO_NEW_PRIVS = 38;
  private static final int GET_NO_NEW_PRIVS = 39;
  private static final int SET_THP_DISABLE = 41;
  private static final int GET_THP_DISABLE = 42;
  private static final int GET_SPECULATION_CTRL = 52;
  private static final int SET_SPECULATION_CTRL = 53;
  private static final int SET_IO_FLUSHER = 57;
  private static final int GET_IO_FLUSHER = 58;
  private static final int SET_SYSCALL_USER_DISPATCH = 59;
  private static final int SET_VMA = 0x53564d41;
  private static final int SET_VMA_ANON_NAME = 0;
  private static final int VMA_NAME_LENGTH = 80;
  private static final int SET_PTRACER = 0x59616d61;

  private static final int TSC_ENABLE = 1;
  private static final int HIGHEST_SIGNAL = 64;
  private static final int L1D_FLUSH = 2;
  private static final int SPECULATION_ENABLED = 2;
  private static final int SPECULATION_FORCE_DISABLED = 8;

  private static final int ARCH_SET_GS = 0x1001;
  private static final int ARCH_SET_FS = 0x1002;
  private static final int ARCH_GET_FS = 0x1003;
  private static final int ARCH_GET_GS = 0x1004;
  private static final int ARCH_GET_CPUID = 0x1011;
  private static final int ARCH_SET_CPUID = 0x1012;

  /** The first address that no application has. */
  private static final long TASK_SIZE_MAX = 0x7fff_ffff_f000L;

  private PrctlCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.PRCTL,
        Support.PARTIAL,
        "as a kernel without TSC trapping and user dispatch (EINVAL);" + " PR_SET_MM is EPERM",
        (t, option, a, b, c, d, _) -> prctl(t, (int) option, a, b, c, d));
    table.row(
        Sys.ARCH_PRCTL,
        Support.PARTIAL,
        "segment bases; as on a processor without CPUID faulting, shadow stacks and AMX",
        (t, option, address, _, _, _, _) -> archPrctl(t, (int) option, address));
  }

  private static long prctl(Task task, int option, long a, long b, long c, long d)
      throws ErrnoException {
    TaskAttributes own = task.attributes();
    return switch (option) {
      case SET_PDEATHSIG -> {
        if (a < 0 || a > HIGHEST_SIGNAL) {
          yield -Errno.EINVAL;
        }
        own.setDeathSignal((int) a);
        yield 0;
      }
      case GET_PDEATHSIG -> {
        task.memory().putInt(a, own.deathSignal());
        yield 0;
      }
      case GET_DUMPABLE -> task.process().attributes().dumpable() ? 1 : 0;
      case SET_DUMPABLE -> {
        if (a != 0 && a != 1) {
          yield -Errno.EINVAL;
        }
        task.process().attributes().setDumpable(a == 1);
        yield 0;
      }
      case GET_SECCOMP -> SeccompCalls.mode(task);
      case SET_SECCOMP -> SeccompCalls.setMode(task, a, b);
      case GET_TIMING, PERF_EVENTS_DISABLE, PERF_EVENTS_ENABLE -> 0;
      case SET_TIMING -> a == 0 ? 0 : -Errno.EINVAL;
      case SET_NAME -> {
        own.setName(name(task, a));
        yield 0;
      }
      case GET_NAME -> {
        byte[] name = own.name().getBytes(StandardCharsets.ISO_8859_1);
        task.memory().write(a, java.util.Arrays.copyOf(name, TaskAttributes.NAME_LENGTH + 1));
        yield 0;
      }
      case GET_TSC -> {
        task.memory().putInt(a, TSC_ENABLE);
        yield 0;
      }
      case SET_TSC -> (int) a == TSC_ENABLE ? 0 : -Errno.EINVAL;
      case GET_TIMERSLACK -> own.timerSlack();
      case SET_TIMERSLACK -> {
        own.setTimerSlack(a);
        yield 0;
      }
      case MCE_KILL -> setMachineCheckPolicy(own, a, b, c, d);
      case MCE_KILL_GET -> (a | b | c | d) != 0 ? -Errno.EINVAL : own.machineCheckPolicy();
      case SET_MM -> d != 0 ? -Errno.EINVAL : -Errno.EPERM;
      case SET_CHILD_SUBREAPER -> {
        task.kernel().processes().setSubreaper(task.process(), a != 0);
        yield 0;
      }
      case GET_CHILD_SUBREAPER -> {
        ProcessTree tree = task.kernel().processes();
        task.memory().putInt(a, tree.subreaper(task.process()) ? 1 : 0);
        yield 0;
      }
      case SET_NO_NEW_PRIVS -> {
        if (a != 1 || (b | c | d) != 0) {
          yield -Errno.EINVAL;
        }
        own.refuseNewPrivileges();
        yield 0;
      }
      case GET_NO_NEW_PRIVS -> (a | b | c | d) != 0 ? -Errno.EINVAL : own.noNewPrivileges() ? 1 : 0;
      case SET_THP_DISABLE -> {
        if ((b | c | d) != 0) {
          yield -Errno.EINVAL;
        }
        task.process().attributes().setHugePagesDisabled(a != 0);
        yield 0;
      }
      case GET_THP_DISABLE -> {
        boolean disabled = task.process().attributes().hugePagesDisabled();
        yield (a | b | c | d) != 0 ? -Errno.EINVAL : disabled ? 1 : 0;
      }
      case GET_SPECULATION_CTRL -> (b | c | d) != 0 ? -Errno.EINVAL : speculation(a);
      case SET_SPECULATION_CTRL -> (c | d) != 0 ? -Errno.EINVAL : setSpeculation(a, b);
      case SET_IO_FLUSHER -> {
        if (!task.credentials().has(Capability.SYS_RESOURCE)) {
          yield -Errno.EPERM;
        }
        if ((b | c | d) != 0 || a < 0 || a > 1) {
          yield -Errno.EINVAL;
        }
        own.setIoFlusher(a == 1);
        yield 0;
      }
      case GET_IO_FLUSHER -> {
        if (!task.credentials().has(Capability.SYS_RESOURCE)) {
          yield -Errno.EPERM;
        }
        yield (a | b | c | d) != 0 ? -Errno.EINVAL : own.ioFlusher() ? 1 : 0;
      }
      case SET_VMA -> setVma(task, a, b, c, d);
      case SET_SYSCALL_USER_DISPATCH ->
          (a | b | c | d) != 0 ? -Errno.EINVAL : 0; // PR_SYS_DISPATCH_OFF: it never was on
      case SET_PTRACER -> {
        boolean known = a == 0 || a == -1 || task.kernel().tasks().find((int) a) != null;
        yield known ? 0 : -Errno.EINVAL; // nobody can trace, so there is nobody to let in
      }
      default -> CapabilityOptions.prctl(task, option, a, b, c, d);
    };
  }

  /** Linux copies at most 15 bytes and does not look at the next one. */
  private static String name(Task task, long address) throws ErrnoException {
    StringBuilder name = new StringBuilder();
    while (name.length() < TaskAttributes.NAME_LENGTH) {
      byte b = task.memory().getByte(address + name.length());
      if (b == 0) {
        break;
      }
      name.append((char) (b & 0xff));
    }
    return name.toString();
  }

  private static long setMachineCheckPolicy(
      TaskAttributes own, long action, long policy, long c, long d) {
    int systemDefault = 2;
    if ((c | d) != 0) {
      return -Errno.EINVAL;
    }
    if (action == 0) { // PR_MCE_KILL_CLEAR
      if (policy != 0) {
        return -Errno.EINVAL;
      }
      own.setMachineCheckPolicy(systemDefault);
      return 0;
    }
    if (action != 1 || policy < 0 || policy > systemDefault) {
      return -Errno.EINVAL;
    }
    own.setMachineCheckPolicy((int) policy);
    return 0;
  }

  /** Speculation is the host's: what may be controlled elsewhere is fixed here. */
  private static long speculation(long which) {
    if (which < 0 || which > L1D_FLUSH) {
      return -Errno.ENODEV;
    }
    return which == L1D_FLUSH ? SPECULATION_FORCE_DISABLED : SPECULATION_ENABLED;
  }

  private static long setSpeculation(long which, long control) {
    boolean known = control == 2 || control == 4 || control == 8 || control == 16;
    if (which < 0 || which > L1D_FLUSH) {
      return -Errno.ENODEV;
    }
    if (which == L1D_FLUSH) {
      return -Errno.EPERM;
    }
    return known ? -Errno.ENXIO : -Errno.ERANGE;
  }

  /** Names anonymous memory, so that /proc/PID/maps shows what it is for. */
  private static long setVma(Task task, long option, long address, long length, long nameAddress)
      throws ErrnoException {
    if (option != SET_VMA_ANON_NAME) {
      return -Errno.EINVAL;
    }
    String name = null;
    if (nameAddress != 0) {
      name = task.memory().readString(nameAddress, VMA_NAME_LENGTH, Errno.EINVAL);
      for (int i = 0; i < name.length(); i++) {
        char c = name.charAt(i);
        if (c <= 0x1f || c >= 0x7f || "\\`$[]".indexOf(c) >= 0) {
          return -Errno.EINVAL;
        }
      }
    }
    task.memoryMap().setName(address, length, name);
    return 0;
  }

  private static long archPrctl(Task task, int option, long address) throws ErrnoException {
    Registers registers = task.context().registers();
    return switch (option) {
      case ARCH_SET_FS, ARCH_SET_GS -> {
        if (Long.compareUnsigned(address, TASK_SIZE_MAX) >= 0) {
          yield -Errno.EPERM;
        }
        if (option == ARCH_SET_FS) {
          registers.fsBase = address;
        } else {
          registers.gsBase = address;
        }
        yield 0;
      }
      case ARCH_GET_FS -> {
        task.memory().putLong(address, registers.fsBase);
        yield 0;
      }
      case ARCH_GET_GS -> {
        task.memory().putLong(address, registers.gsBase);
        yield 0;
      }
      case ARCH_GET_CPUID -> 1;
      case ARCH_SET_CPUID -> -Errno.ENODEV;
      default -> -Errno.EINVAL;
    };
  }
}
