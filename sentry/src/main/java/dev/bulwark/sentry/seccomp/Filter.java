package dev.bulwark.sentry.seccomp;

/** Judges system calls. Immutable, so safe for use by several threads. */
interface Filter {

  /** An action of {@link Actions} with its data. */
  int judge(CallData call);

  /** Whether a call is allowed whatever its arguments; false when that cannot be told easily. */
  boolean alwaysAllows(int number);

  /** How many instructions it counts as, for the limit on a task's filters. */
  int length();
}
