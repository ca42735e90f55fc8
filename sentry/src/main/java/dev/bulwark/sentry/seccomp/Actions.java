package dev.bulwark.sentry.seccomp;

/** What a filter can answer (SECCOMP_RET_*): an action above, 16 bits of data below. */
final class Actions {
  static final int KILL_PROCESS = 0x80000000;
  static final int KILL_THREAD = 0;
  static final int TRAP = 0x00030000;
  static final int ERRNO = 0x00050000;
  static final int USER_NOTIF = 0x7fc00000;
  static final int TRACE = 0x7ff00000;
  static final int LOG = 0x7ffc0000;
  static final int ALLOW = 0x7fff0000;

  /** The bits of the action; as signed numbers, the lowest takes precedence. */
  static final int ACTION_MASK = 0xffff0000;

  /** The bits of the data. */
  static final int DATA_MASK = 0xffff;

  private Actions() {}

  /** Whether the Sentry acts on it; there is no listener that USER_NOTIF could reach. */
  static boolean available(int action) {
    return switch (action) {
      case KILL_PROCESS, KILL_THREAD, TRAP, ERRNO, TRACE, LOG, ALLOW -> true;
      default -> false;
    };
  }
}
