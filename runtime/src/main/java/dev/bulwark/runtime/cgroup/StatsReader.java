package dev.bulwark.runtime.cgroup;

import dev.bulwark.runtime.cgroup.CgroupStats.Cpu;
import dev.bulwark.runtime.cgroup.CgroupStats.Io;
import dev.bulwark.runtime.cgroup.CgroupStats.Memory;
import dev.bulwark.runtime.cgroup.CgroupStats.Pids;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what a cgroup counts, on v1 or v2. */
final class StatsReader {
  private static final long NANOS_PER_MICRO = 1000;
  private static final long NANOS_PER_TICK = 10_000_000;

  /** Of x86-64. */
  private static final String[] PAGE_SIZES = {"2MB", "1GB"};

  private final Cgroup cgroup;

  StatsReader(Cgroup cgroup) {
    this.cgroup = cgroup;
  }

  CgroupStats read() {
    String memory = cgroup.v1("memory");
    String memory2 = cgroup.v2("memory");
    Memory none = new Memory(0, 0, 0, 0);
    Memory used = none;
    Memory swap = none;
    Memory kernel = none;
    Map<String, Long> raw = Map.of();
    if (memory != null) {
      used = memory1(memory + "/memory.");
      swap = memory1(memory + "/memory.memsw.");
      kernel = memory1(memory + "/memory.kmem.");
      raw = table(memory + "/memory.stat");
    } else if (memory2 != null) {
      used = memory2(memory2 + "/memory.");
      swap = memory2(memory2 + "/memory.swap.");
      raw = table(memory2 + "/memory.stat");
    }
    String pids = cgroup.v1("pids") == null ? cgroup.v2("pids") : cgroup.v1("pids");
    long pidsLimit = pids == null ? 0 : number(pids + "/pids.max");
    List<Io> bytes = new ArrayList<>();
    List<Io> counts = new ArrayList<>();
    io(bytes, counts);
    return new CgroupStats(
        cpu(),
        used,
        swap,
        kernel,
        raw,
        new Pids(
            pids == null ? 0 : number(pids + "/pids.current"), pidsLimit == -1 ? 0 : pidsLimit),
        bytes,
        counts,
        hugepages());
  }

  private Cpu cpu() {
    String accounting = cgroup.v1("cpuacct");
    String cpu = cgroup.v1("cpu");
    if (accounting == null && cpu == null) {
      // Times are counted on v2 even where the controller is off.
      String v2 = cgroup.v2();
      Map<String, Long> stat = v2 == null ? Map.of() : table(v2 + "/cpu.stat");
      return new Cpu(
          stat.getOrDefault("usage_usec", 0L) * NANOS_PER_MICRO,
          List.of(),
          stat.getOrDefault("user_usec", 0L) * NANOS_PER_MICRO,
          stat.getOrDefault("system_usec", 0L) * NANOS_PER_MICRO,
          stat.getOrDefault("nr_periods", 0L),
          stat.getOrDefault("nr_throttled", 0L),
          stat.getOrDefault("throttled_usec", 0L) * NANOS_PER_MICRO);
    }
    Map<String, Long> times = accounting == null ? Map.of() : table(accounting + "/cpuacct.stat");
    Map<String, Long> quota = cpu == null ? Map.of() : table(cpu + "/cpu.stat");
    List<Long> each = new ArrayList<>();
    if (accounting != null) {
      for (String word : cgroup.readOr(accounting + "/cpuacct.usage_percpu", "").split(" ", -1)) {
        if (!word.isEmpty()) {
          each.add(value(word));
        }
      }
    }
    return new Cpu(
        accounting == null ? 0 : number(accounting + "/cpuacct.usage"),
        List.copyOf(each),
        times.getOrDefault("user", 0L) * NANOS_PER_TICK,
        times.getOrDefault("system", 0L) * NANOS_PER_TICK,
        quota.getOrDefault("nr_periods", 0L),
        quota.getOrDefault("nr_throttled", 0L),
        quota.getOrDefault("throttled_time", 0L));
  }

  private Memory memory1(String stem) {
    return new Memory(
        number(stem + "usage_in_bytes"),
        number(stem + "max_usage_in_bytes"),
        number(stem + "limit_in_bytes"),
        number(stem + "failcnt"));
  }

  private Memory memory2(String stem) {
    long most = number(stem + "peak");
    long now = number(stem + "current");
    return new Memory(
        now,
        Long.compareUnsigned(most, now) < 0 ? now : most,
        number(stem + "max"),
        table(stem + "events").getOrDefault("max", 0L));
  }

  private Map<String, Memory> hugepages() {
    Map<String, Memory> sizes = new LinkedHashMap<>();
    String v1 = cgroup.v1("hugetlb");
    String v2 = cgroup.v2("hugetlb");
    for (String size : PAGE_SIZES) {
      if (v1 != null) {
        String stem = v1 + "/hugetlb." + size + ".";
        if (!cgroup.readOr(stem + "usage_in_bytes", "").isEmpty()) {
          sizes.put(size, memory1(stem));
        }
      } else if (v2 != null) {
        String stem = v2 + "/hugetlb." + size + ".";
        if (!cgroup.readOr(stem + "current", "").isEmpty()) {
          sizes.put(size, memory2(stem));
        }
      }
    }
    return sizes;
  }

  private void io(List<Io> bytes, List<Io> counts) {
    String v1 = cgroup.v1("blkio");
    String v2 = cgroup.v2("io");
    if (v1 != null) {
      io1(bytes, v1 + "/blkio.throttle.io_service_bytes_recursive");
      io1(counts, v1 + "/blkio.throttle.io_serviced_recursive");
    } else if (v2 != null) {
      for (String line : cgroup.readOr(v2 + "/io.stat", "").split("\n", -1)) {
        String[] words = line.split("[ :]", -1);
        for (int i = 2; i < words.length; i++) {
          int equals = words[i].indexOf('=');
          String key = words[i].substring(0, Math.max(equals, 0));
          long value = value(words[i].substring(equals + 1));
          long major = value(words[0]);
          long minor = value(words[1]);
          switch (key) {
            case "rbytes" -> bytes.add(new Io(major, minor, "Read", value));
            case "wbytes" -> bytes.add(new Io(major, minor, "Write", value));
            case "rios" -> counts.add(new Io(major, minor, "Read", value));
            case "wios" -> counts.add(new Io(major, minor, "Write", value));
            default -> {
              // What is discarded, which runc does not tell.
            }
          }
        }
      }
    }
  }

  private void io1(List<Io> into, String file) {
    for (String line : cgroup.readOr(file, "").split("\n", -1)) {
      String[] words = line.split("[ :]", -1);
      if (words.length == 4) {
        into.add(new Io(value(words[0]), value(words[1]), words[2], value(words[3])));
      }
    }
  }

  private Map<String, Long> table(String file) {
    Map<String, Long> table = new LinkedHashMap<>();
    for (String line : cgroup.readOr(file, "").split("\n", -1)) {
      int space = line.indexOf(' ');
      if (space > 0) {
        table.put(line.substring(0, space), value(line.substring(space + 1)));
      }
    }
    return table;
  }

  private long number(String file) {
    return value(cgroup.readOr(file, "0"));
  }

  /** A number without sign; -1, the greatest, for {@code max}. */
  private static long value(String text) {
    if (text.equals("max")) {
      return -1;
    }
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
