package dev.bulwark.sentry.seccomp;

/**
 * What filters say about a call.
 *
 * @param value action and data
 * @param logged whether the filter that decided asked for its verdicts to be logged
 */
record Verdict(int value, boolean logged) {
  int action() {
    return value & Actions.ACTION_MASK;
  }

  int data() {
    return value & Actions.DATA_MASK;
  }
}
