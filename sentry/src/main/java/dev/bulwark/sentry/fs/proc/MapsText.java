package dev.bulwark.sentry.fs.proc;

import dev.bulwark.sentry.mm.MapsEntry;
import dev.bulwark.sentry.mm.MemoryMap;
import dev.bulwark.sentry.mm.MemorySizes;
import dev.bulwark.sentry.mm.Protection;
import dev.bulwark.sentry.vfs.DeviceNumber;
import java.util.List;
import java.util.Locale;

/** The areas of a process's memory: maps, smaps, smaps_rollup and statm (proc(5)). */
final class MapsText {
  private MapsText() {}

  private static List<MapsEntry> entries(Subject about, boolean measured) {
    MemoryMap memory = about.memory();
    if (memory == null || !memory.acquire()) {
      return List.of();
    }
    try {
      return memory.maps(measured);
    } finally {
      memory.close();
    }
  }

  static String maps(Subject about) {
    StringBuilder text = new StringBuilder();
    for (MapsEntry entry : entries(about, false)) {
      line(text, entry);
    }
    return text.toString();
  }

  private static void line(StringBuilder text, MapsEntry entry) {
    int from = text.length();
    address(text, entry.start());
    text.append('-');
    address(text, entry.end());
    text.append(' ').append(entry.permissions()).append(' ');
    String offset = Long.toHexString(entry.offset());
    text.append("0".repeat(Math.max(0, 8 - offset.length()))).append(offset).append(' ');
    two(text, DeviceNumber.major(entry.device()));
    text.append(':');
    two(text, DeviceNumber.minor(entry.device()));
    text.append(' ').append(Long.toUnsignedString(entry.inode()));
    if (entry.name().isEmpty()) {
      text.append(' ');
    } else {
      // The name begins in the column that Linux aligns it to.
      text.append(" ".repeat(Math.max(1, 73 - (text.length() - from))));
      text.append(entry.name().replace("\n", "\\012"));
    }
    text.append('\n');
  }

  private static void address(StringBuilder text, long value) {
    String hex = Long.toHexString(value);
    text.append("0".repeat(Math.max(0, 8 - hex.length()))).append(hex);
  }

  private static void two(StringBuilder text, int value) {
    text.append(value < 16 ? "0" : "").append(Integer.toHexString(value));
  }

  static String details(Subject about) {
    StringBuilder text = new StringBuilder();
    for (MapsEntry entry : entries(about, true)) {
      line(text, entry);
      long size = entry.end() - entry.start();
      kilobytes(text, "Size", size);
      kilobytes(text, "KernelPageSize", 4096);
      kilobytes(text, "MMUPageSize", 4096);
      usage(text, entry.anonymous(), entry.locked() ? size : 0);
      text.append("THPeligible:           0\nVmFlags:").append(flags(entry)).append('\n');
    }
    return text.toString();
  }

  private static void usage(StringBuilder text, long anonymous, long locked) {
    kilobytes(text, "Rss", anonymous);
    kilobytes(text, "Pss", anonymous);
    kilobytes(text, "Shared_Clean", 0);
    kilobytes(text, "Shared_Dirty", 0);
    kilobytes(text, "Private_Clean", 0);
    kilobytes(text, "Private_Dirty", anonymous);
    kilobytes(text, "Referenced", anonymous);
    kilobytes(text, "Anonymous", anonymous);
    kilobytes(text, "LazyFree", 0);
    kilobytes(text, "AnonHugePages", 0);
    kilobytes(text, "ShmemPmdMapped", 0);
    kilobytes(text, "FilePmdMapped", 0);
    kilobytes(text, "Shared_Hugetlb", 0);
    kilobytes(text, "Private_Hugetlb", 0);
    kilobytes(text, "Swap", 0);
    kilobytes(text, "SwapPss", 0);
    kilobytes(text, "Locked", locked);
  }

  private static void kilobytes(StringBuilder text, String name, long bytes) {
    text.append(String.format(Locale.ROOT, "%-16s%8d kB\n", name + ":", bytes >> 10));
  }

  private static String flags(MapsEntry entry) {
    int protection = entry.protection();
    return ((protection & Protection.READ) != 0 ? " rd" : "")
        + ((protection & Protection.WRITE) != 0 ? " wr" : "")
        + ((protection & Protection.EXEC) != 0 ? " ex" : "")
        + (entry.shared() ? " sh" : "")
        + " mr mw me"
        + (entry.growsDown() ? " gd" : "")
        + (entry.locked() ? " lo" : "")
        + " ";
  }

  static String sums(Subject about) {
    List<MapsEntry> entries = entries(about, true);
    if (entries.isEmpty()) {
      return "";
    }
    long anonymous = 0;
    long locked = 0;
    for (MapsEntry entry : entries) {
      anonymous += entry.anonymous();
      locked += entry.locked() ? entry.end() - entry.start() : 0;
    }
    StringBuilder text = new StringBuilder();
    address(text, entries.getFirst().start());
    text.append('-');
    address(text, entries.getLast().end());
    text.append(" ---p 00000000 00:00 0                              [rollup]\n");
    usage(text, anonymous, locked);
    return text.toString();
  }

  /** Sizes in pages: total, resident, shared, code, libraries, data, dirty. */
  static String pages(Subject about) {
    MemorySizes sizes = about.sizes();
    return (sizes.total() >> 12)
        + " "
        + (sizes.resident() >> 12)
        + " 0 "
        + (sizes.executable() >> 12)
        + " 0 "
        + ((sizes.data() + sizes.stack()) >> 12)
        + " 0\n";
  }
}
