package dev.bulwark.sentry.mm;

import dev.bulwark.platform.MemoryFile;
import dev.bulwark.platform.Vdso;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a tree of areas into the lines of /proc/PID/maps. */
final class Snapshot {
  private final long heapStart;
  private final long heapEnd;
  private final long stack;
  private final @Nullable Vdso vdso;

  /**
   * What the lines are named by: the bounds of the heap, and an address in the main stack; and the
   * vdso, which is no area of the tree.
   */
  Snapshot(long heapStart, long heapEnd, long stack, @Nullable Vdso vdso) {
    this.vdso = vdso;
    this.heapStart = heapStart;
    this.heapEnd = heapEnd;
    this.stack = stack;
  }

  /**
   * The lines, in the order of addresses.
   *
   * @param measured where to look how much of the private memory is there, or null
   */
  List<MapsEntry> entries(VmaTree tree, @Nullable MemoryFile measured) {
    List<MapsEntry> entries = new ArrayList<>();
    for (int i = 0; i < tree.size(); i++) {
      Vma first = tree.get(i);
      long anonymous = measured == null ? 0 : present(measured, first);
      while (i + 1 < tree.size() && tree.get(i).continuedBy(tree.get(i + 1))) {
        i++;
        anonymous += measured == null ? 0 : present(measured, tree.get(i));
      }
      entries.add(entry(first, tree.get(i).end(), anonymous));
    }
    if (vdso != null) {
      int protection = Protection.READ | Protection.EXEC;
      entries.add(
          new MapsEntry(
              vdso.address(), vdso.end(), protection, false, false, false, 0, 0, 0, "[vdso]", 0));
    }
    return entries;
  }

  private MapsEntry entry(Vma area, long end, long anonymous) {
    Mappable file = area.file() == null ? null : area.file().source();
    long[] identity = file == null ? new long[2] : file.mapsIdentity();
    return new MapsEntry(
        area.start(),
        end,
        area.protection(),
        area.shared(),
        area.has(Vma.GROWS_DOWN),
        area.has(Vma.LOCKED),
        area.fileOffset(),
        identity[0],
        identity[1],
        file == null ? name(area, end) : name(area, file),
        anonymous);
  }

  private String name(Vma area, long end) {
    if (area.start() < heapEnd && end > heapStart) {
      return "[heap]";
    }
    if (area.start() <= stack && stack < end) {
      return "[stack]";
    }
    return area.name() == null ? "" : "[anon:" + area.name() + "]";
  }

  private static String name(Vma area, Mappable file) {
    return area.name() == null ? file.mapsName() : "[anon_shmem:" + area.name() + "]";
  }

  /** How many bytes of an area's private memory exist. */
  static long present(MemoryFile memory, Vma area) {
    if (!area.inMemory()) {
      return 0;
    }
    long end = area.memory() + area.length();
    long sum = 0;
    long at = memory.nextData(area.memory());
    while (at < end) {
      long hole = Math.min(end, memory.nextHole(at));
      sum += hole - at;
      at = memory.nextData(hole);
    }
    return sum;
  }
}
