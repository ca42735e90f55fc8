package dev.bulwark.sentry.seccomp;

import dev.bulwark.linux.Sys;

/** SECCOMP_MODE_STRICT as a filter: reading, writing, returning and ending, and nothing else. */
final class StrictMode implements Filter {
  @Override
  public int judge(CallData call) {
    return alwaysAllows(call.number()) ? Actions.ALLOW : Actions.KILL_THREAD;
  }

  @Override
  public boolean alwaysAllows(int number) {
    return switch (number) {
      case Sys.READ, Sys.WRITE, Sys.EXIT, Sys.RT_SIGRETURN -> true;
      default -> false;
    };
  }

  @Override
  public int length() {
    return 0;
  }
}
