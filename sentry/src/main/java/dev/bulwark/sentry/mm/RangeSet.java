package dev.bulwark.sentry.mm;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A set of numbers kept as ranges; ranges that touch are one. Not thread-safe. */
final class RangeSet {
  private final TreeMap<Long, Long> ends = new TreeMap<>();

  /** A range of the set. */
  record Range(long start, long end) {}

  /** Adds {@code start} to {@code end - 1}, none of which may be in the set. */
  void add(long start, long end) {
    long from = start;
    long to = end;
    Map.Entry<Long, Long> before = ends.floorEntry(start);
    if (before != null && before.getValue() == start) {
      from = before.getKey();
    }
    Long after = ends.remove(end);
    if (after != null) {
      to = after;
    }
    ends.put(from, to);
  }

  /** Removes what of {@code start} to {@code end - 1} is in the set. */
  void remove(long start, long end) {
    Range range;
    while ((range = overlap(start, end)) != null) {
      ends.remove(range.start);
      if (range.start < start) {
        ends.put(range.start, start);
      }
      if (range.end > end) {
        ends.put(end, range.end);
      }
    }
  }

  /** The last range that overlaps another, whole, or null. */
  @Nullable Range overlap(long start, long end) {
    Map.Entry<Long, Long> below = ends.lowerEntry(end);
    return below != null && below.getValue() > start
        ? new Range(below.getKey(), below.getValue())
        : null;
  }

  /** The first run of numbers that are not in the set, or -1. */
  long gap(long from, long limit, long length) {
    long start = from;
    Map.Entry<Long, Long> below = ends.floorEntry(start);
    if (below != null && below.getValue() > start) {
      start = below.getValue();
    }
    while (true) {
      Map.Entry<Long, Long> next = ends.ceilingEntry(start);
      long end = next == null ? limit : Math.min(limit, next.getKey());
      if (end - start >= length) {
        return start;
      }
      if (next == null) {
        return -1;
      }
      start = next.getValue();
    }
  }

  /** Takes the first range out of the set, or gives null when it is empty. */
  @Nullable Range poll() {
    Map.Entry<Long, Long> first = ends.pollFirstEntry();
    return first == null ? null : new Range(first.getKey(), first.getValue());
  }
}
