package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Sys;

/**
 * A Sentry with mistakes: its sysinfo(2) fails in a way that the caller chooses by the pointer that
 * it gives.
 */
final class SysinfoCalls {
  private static final int MISTAKE = 0;
  private static final int RECURSION = 1;
  private static final int MEMORY = 2;
  private static final int DEATH = 3;

  private SysinfoCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(Sys.SYSINFO, Support.FULL, "", (_, how, _, _, _, _, _) -> fail((int) how));
  }

  private static long fail(int how) {
    return switch (how) {
      case MISTAKE -> throw new IllegalStateException("a mistake");
      case RECURSION -> 1 + fail(how);
      case MEMORY -> new long[Integer.MAX_VALUE].length;
      case DEATH -> {
        Runtime.getRuntime().halt(7);
        yield 0;
      }
      default -> how;
    };
  }
}
