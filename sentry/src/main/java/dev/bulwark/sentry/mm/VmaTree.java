package dev.bulwark.sentry.mm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The areas of an address space, ordered by address. Immutable: a change gives another tree, so
 * that looking an address up takes no lock and a snapshot costs nothing. Areas that join are one;
 * none overlap.
 */
public final class VmaTree {
  /** A tree without areas. */
  public static final VmaTree EMPTY = new VmaTree(new Vma[0]);

  /** Bytes that stay free below an area that grows down (stack_guard_gap). */
  public static final long GUARD_GAP = 256 * Pages.SIZE;

  private final Vma[] areas;

  private VmaTree(Vma[] areas) {
    this.areas = areas;
  }

  /** How many areas there are. */
  public int size() {
    return areas.length;
  }

  /** The area at an index, in the order of addresses. */
  public Vma get(int index) {
    return areas[index];
  }

  /** All areas in the order of addresses. */
  public List<Vma> all() {
    return List.of(areas);
  }

  /** The index of the first area that ends above an address; {@link #size} when there is none. */
  public int indexAbove(long address) {
    int low = 0;
    int high = areas.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (areas[middle].end() > address) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The area in which an address lies, or null. */
  public @Nullable Vma find(long address) {
    int index = indexAbove(address);
    return index < areas.length && areas[index].start() <= address ? areas[index] : null;
  }

  /** The parts of areas that lie in a range, in order; none of an empty range. */
  public List<Vma> within(long start, long end) {
    List<Vma> parts = new ArrayList<>();
    if (start >= end) {
      return parts;
    }
    for (int i = indexAbove(start); i < areas.length && areas[i].start() < end; i++) {
      parts.add(areas[i].within(start, end));
    }
    return parts;
  }

  /** Whether nothing is mapped in a range. */
  public boolean isFree(long start, long end) {
    int index = indexAbove(start);
    return index == areas.length || areas[index].start() >= end;
  }

  /** Whether every page of a range is mapped. */
  public boolean covers(long start, long end) {
    long reached = start;
    for (int i = indexAbove(start); reached < end; i++) {
      if (i == areas.length || areas[i].start() > reached) {
        return false;
      }
      reached = areas[i].end();
    }
    return true;
  }

  /**
   * The tree with other contents of a range.
   *
   * @param next areas in order, all within the range; none to unmap
   */
  public VmaTree replace(long start, long end, List<Vma> next) {
    int first = indexAbove(start);
    int last = first;
    while (last < areas.length && areas[last].start() < end) {
      last++;
    }
    // Neighbours that merely touch take part, for they may join what comes in.
    int from = Math.max(0, first - 1);
    int to = Math.min(areas.length, last + 1);
    List<Vma> middle = new ArrayList<>(next.size() + 4);
    for (int i = from; i < last; i++) {
      if (areas[i].start() < start) {
        append(middle, areas[i].within(0, start));
      }
    }
    for (Vma area : next) {
      append(middle, area);
    }
    for (int i = first; i < to; i++) {
      if (areas[i].end() > end) {
        append(middle, areas[i].within(end, Long.MAX_VALUE));
      }
    }
    Vma[] result = new Vma[from + middle.size() + areas.length - to];
    System.arraycopy(areas, 0, result, 0, from);
    for (int i = 0; i < middle.size(); i++) {
      result[from + i] = middle.get(i);
    }
    System.arraycopy(areas, to, result, from + middle.size(), areas.length - to);
    return new VmaTree(result);
  }

  private static void append(List<Vma> list, Vma area) {
    int last = list.size() - 1;
    if (last >= 0 && list.get(last).joins(area)) {
      list.set(last, list.get(last).join(area));
    } else {
      list.add(area);
    }
  }

  /**
   * The highest free place for a mapping.
   *
   * @param low lowest start
   * @param high highest end
   * @return where it would start, or -1
   */
  public long gap(long low, long high, long length) {
    long top = high;
    for (int i = indexAbove(high - 1); i >= 0; i--) {
      if (i < areas.length && areas[i].start() < top) {
        top = Math.min(top, guarded(areas[i]));
      }
      long below = i == 0 ? low : Math.max(low, areas[i - 1].end());
      if (top - below >= length) {
        return top - length;
      }
      if (below == low) {
        return -1;
      }
    }
    return -1;
  }

  /** Whether a range is free, and far enough from an area above that grows down. */
  public boolean isFreeGuarded(long start, long end) {
    int index = indexAbove(start);
    return index == areas.length || guarded(areas[index]) >= end;
  }

  private static long guarded(Vma area) {
    return area.has(Vma.GROWS_DOWN) ? Math.max(0, area.start() - GUARD_GAP) : area.start();
  }

  @Override
  public String toString() {
    return Arrays.toString(areas);
  }
}
