package dev.bulwark.sentry.seccomp;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.Log;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.WaitStatus;
import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.signal.SignalSender;
import dev.bulwark.sentry.signal.Signals;
import java.util.concurrent.atomic.AtomicInteger;

/** Does what the filters of a task say about a call that it makes. */
public final class Enforcement {
  /** The call may be made. No call has this result. */
  public static final long ALLOWED = Long.MIN_VALUE;

  /** A hostile program may make as many calls that are to be logged as it likes. */
  private static final int MAX_LOGGED = 1000;

  private static final int MAX_ERRNO = 4095;

  /** si_code of SIGSYS. */
  private static final int SYS_SECCOMP = 1;

  private static final AtomicInteger LOGGED = new AtomicInteger();

  private Enforcement() {}

  /**
   * Judges a call that is not {@linkplain SeccompFilters#alwaysAllows always allowed}, on the
   * thread of the task that makes it.
   *
   * @param filters the task's
   * @return {@link #ALLOWED}, or what the task finds in rax instead; it may be about to end
   */
  public static long check(
      Task task,
      SeccompFilters filters,
      long number,
      long a,
      long b,
      long c,
      long d,
      long e,
      long f) {
    int call = (int) number;
    long instruction = task.context().instructionPointer();
    Verdict verdict = filters.judge(new CallData(call, instruction, a, b, c, d, e, f));
    if (filters.mode() == SeccompFilters.STRICT_MODE) {
      if (verdict.action() == Actions.ALLOW) {
        return ALLOWED;
      }
      task.exit(new WaitStatus.Signalled(Signals.SIGKILL, false));
      return call;
    }
    return switch (verdict.action()) {
      case Actions.ALLOW -> ALLOWED;
      case Actions.LOG -> {
        log(task, call, verdict);
        yield ALLOWED;
      }
      case Actions.ERRNO -> {
        logIfAsked(task, call, verdict);
        yield -Math.min(verdict.data(), MAX_ERRNO);
      }
      case Actions.TRAP -> {
        logIfAsked(task, call, verdict);
        SignalSender.force(task, violation(call, instruction, verdict.data()));
        yield call;
      }
      // There is no tracer and no listener whom to ask.
      case Actions.TRACE, Actions.USER_NOTIF -> -Errno.ENOSYS;
      default -> {
        log(task, call, verdict);
        kill(task, verdict);
        yield call;
      }
    };
  }

  private static void kill(Task task, Verdict verdict) {
    if (verdict.action() == Actions.KILL_THREAD && task.process().signals().count() > 1) {
      task.exit(new WaitStatus.Signalled(Signals.SIGSYS, false));
    } else {
      SignalSender.forceFatal(task, Signals.SIGSYS);
    }
  }

  private static SignalInfo violation(int call, long instruction, int data) {
    long callAndArchitecture = (call & 0xffffffffL) | ((long) CallData.ARCHITECTURE << 32);
    return new SignalInfo(
        Signals.SIGSYS, SYS_SECCOMP, data, instruction, callAndArchitecture, 0, 0);
  }

  private static void logIfAsked(Task task, int call, Verdict verdict) {
    if (verdict.logged()) {
      log(task, call, verdict);
    }
  }

  private static void log(Task task, int call, Verdict verdict) {
    if (LOGGED.get() < MAX_LOGGED && LOGGED.incrementAndGet() <= MAX_LOGGED) {
      Log.line(
          "seccomp: %s of process %d (%s) met action %08x"
              .formatted(
                  Sys.name(call), task.process().pid(), task.attributes().name(), verdict.value()));
    }
  }
}
