package dev.bulwark.sentry.mm;

/** Sums over the areas of an address space, in bytes. Guarded by the lock of the memory map. */
final class AreaSizes {
  long total;
  long peak;
  long data;
  long stack;
  long locked;
  long executable;

  void add(Vma area) {
    count(area, area.length());
    peak = Math.max(peak, total);
  }

  void remove(Vma area) {
    count(area, -area.length());
  }

  private void count(Vma area, long bytes) {
    total += bytes;
    data += area.isData() ? bytes : 0;
    stack += area.has(Vma.GROWS_DOWN) ? bytes : 0;
    locked += area.has(Vma.LOCKED) ? bytes : 0;
    boolean code = (area.protection() & Protection.EXEC) != 0 && !area.writable();
    executable += code ? bytes : 0;
  }
}
