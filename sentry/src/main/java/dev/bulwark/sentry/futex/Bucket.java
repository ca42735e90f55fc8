package dev.bulwark.sentry.futex;

import java.util.LinkedHashSet;

/**
 * The sleepers of all futexes whose keys hash alike, longest asleep first. Guarded by its own
 * monitor.
 */
final class Bucket {
  final int index;
  final LinkedHashSet<Sleeper> sleepers = new LinkedHashSet<>();

  Bucket(int index) {
    this.index = index;
  }
}
