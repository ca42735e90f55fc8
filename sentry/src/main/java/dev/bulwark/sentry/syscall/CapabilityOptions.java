package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.auth.SecureBits;
import dev.bulwark.sentry.kernel.Task;

/** The options of prctl(2) that concern capabilities ({@code cap_task_prctl}). */
final class CapabilityOptions {
  private static final int GET_KEEPCAPS = 7;
  private static final int SET_KEEPCAPS = 8;
  private static final int CAPBSET_READ = 23;
  private static final int CAPBSET_DROP = 24;
  private static final int GET_SECUREBITS = 27;
  private static final int SET_SECUREBITS = 28;
  private static final int CAP_AMBIENT = 47;

  private static final long AMBIENT_IS_SET = 1;
  private static final long AMBIENT_RAISE = 2;
  private static final long AMBIENT_LOWER = 3;
  private static final long AMBIENT_CLEAR_ALL = 4;

  private CapabilityOptions() {}

  static long prctl(Task task, int option, long a, long b, long c, long d) {
    Credentials own = task.credentials();
    return switch (option) {
      case GET_KEEPCAPS -> SecureBits.KEEP_CAPS.isSet(own) ? 1 : 0;
      case SET_KEEPCAPS -> {
        if (a < 0 || a > 1) {
          yield -Errno.EINVAL;
        }
        if (SecureBits.KEEP_CAPS.isLocked(own)) {
          yield -Errno.EPERM;
        }
        int others = own.securebits() & ~SecureBits.KEEP_CAPS.mask();
        Identity.replace(
            task, own.withSecurebits(a == 1 ? others | SecureBits.KEEP_CAPS.mask() : others));
        yield 0;
      }
      case CAPBSET_READ -> valid(a) ? own.bounding() >>> a & 1 : -Errno.EINVAL;
      case CAPBSET_DROP -> drop(task, own, a);
      case GET_SECUREBITS -> own.securebits();
      case SET_SECUREBITS -> setSecurebits(task, own, a);
      case CAP_AMBIENT -> ambient(task, own, a, b, c, d);
      default -> -Errno.EINVAL;
    };
  }

  private static boolean valid(long capability) {
    return capability >= 0 && capability <= Capability.LAST;
  }

  private static long drop(Task task, Credentials own, long capability) {
    if (!own.has(Capability.SETPCAP)) {
      return -Errno.EPERM;
    }
    if (!valid(capability)) {
      return -Errno.EINVAL;
    }
    Identity.replace(
        task,
        own.withCapabilities(
            own.permitted(),
            own.effective(),
            own.inheritable(),
            own.bounding() & ~(1L << capability),
            own.ambient()));
    return 0;
  }

  /** A locked flag keeps its value, a lock stays, and what is unknown cannot be set. */
  private static long setSecurebits(Task task, Credentials own, long bits) {
    long locked = own.securebits() & SecureBits.ALL_LOCKS;
    if ((locked >>> 1 & (own.securebits() ^ bits)) != 0
        || (locked & ~bits) != 0
        || (bits & ~(SecureBits.ALL | SecureBits.ALL_LOCKS)) != 0
        || !own.has(Capability.SETPCAP)) {
      return -Errno.EPERM;
    }
    Identity.replace(task, own.withSecurebits((int) bits));
    return 0;
  }

  private static long ambient(
      Task task, Credentials own, long action, long capability, long c, long d) {
    if (action == AMBIENT_CLEAR_ALL) {
      if ((capability | c | d) != 0) {
        return -Errno.EINVAL;
      }
      return setAmbient(task, own, 0);
    }
    if (!valid(capability) || (c | d) != 0) {
      return -Errno.EINVAL;
    }
    long bit = 1L << capability;
    if (action == AMBIENT_IS_SET) {
      return own.ambient() >>> capability & 1;
    }
    if (action == AMBIENT_LOWER) {
      return setAmbient(task, own, own.ambient() & ~bit);
    }
    if (action != AMBIENT_RAISE) {
      return -Errno.EINVAL;
    }
    if ((own.permitted() & own.inheritable() & bit) == 0
        || SecureBits.NO_CAP_AMBIENT_RAISE.isSet(own)) {
      return -Errno.EPERM;
    }
    return setAmbient(task, own, own.ambient() | bit);
  }

  private static long setAmbient(Task task, Credentials own, long ambient) {
    Identity.replace(
        task,
        own.withCapabilities(
            own.permitted(), own.effective(), own.inheritable(), own.bounding(), ambient));
    return 0;
  }
}
