package dev.bulwark.runtime.cgroup;

import dev.bulwark.runtime.oci.Resources;
import org.jspecify.annotations.Nullable;

/** Limits of memory. -1 is no limit; null leaves it. */
final class MemoryLimits {
  private final Limits limits;

  MemoryLimits(Limits limits) {
    this.limits = limits;
  }

  void apply(Resources.Memory memory, long overhead) throws CgroupException {
    if (memory.kernel() != null || memory.kernelTCP() != null) {
      limits.warn("memory.kernel and kernelTCP have no effect: Linux has given them up");
    }
    Long limit = more(memory.limit(), overhead);
    Long swap = more(memory.swap(), overhead);
    boolean asked =
        limit != null
            || swap != null
            || set(memory.reservation()) != null
            || memory.swappiness() != null
            || Boolean.TRUE.equals(memory.disableOOMKiller());
    if (!asked) {
      return;
    }
    String v1 = limits.v1("memory");
    String v2 = limits.v2("memory");
    if (v1 != null) {
      v1(v1, memory, limit, swap);
    } else if (v2 != null) {
      v2(v2, memory, limit, swap);
    } else if (above(limit, -1) || above(swap, -1) || above(memory.reservation(), 0)) {
      throw limits.missing("memory.limit", "memory");
    }
  }

  private void v1(
      String directory, Resources.Memory memory, @Nullable Long limit, @Nullable Long swap)
      throws CgroupException {
    check(memory, limit, directory + "/memory.usage_in_bytes");
    String limitFile = directory + "/memory.limit_in_bytes";
    String swapFile = directory + "/memory.memsw.limit_in_bytes";
    Long both = swap == null && limit != null && limit == -1 ? Long.valueOf(-1) : swap;
    if (both != null && !limits.exists(swapFile)) {
      if (both > 0 && swap != null) {
        throw limits.missing("memory.swap", "memory.memsw (swap accounting)");
      }
      both = null;
    }
    // The limit of both must never be less than that of memory alone, not even between two writes.
    String current = limits.read(limitFile);
    boolean growing = both != null && (both == -1 || above(both, number(current)));
    if (growing && both != null) {
      limits.set("memory.swap", swapFile, both.toString());
    }
    if (limit != null) {
      limits.set("memory.limit", limitFile, limit.toString());
    }
    if (both != null && !growing) {
      limits.set("memory.swap", swapFile, both.toString());
    }
    Long reservation = set(memory.reservation());
    if (reservation != null) {
      limits.set(
          "memory.reservation", directory + "/memory.soft_limit_in_bytes", reservation.toString());
    }
    Long swappiness = memory.swappiness();
    if (swappiness != null) {
      limits.set("memory.swappiness", directory + "/memory.swappiness", swappiness.toString());
    }
    Boolean disable = memory.disableOOMKiller();
    if (disable != null
        && (disable || !"0".equals(word(limits.read(directory + "/memory.oom_control"))))) {
      limits.set("memory.disableOOMKiller", directory + "/memory.oom_control", disable ? "1" : "0");
    }
  }

  private void v2(
      String directory, Resources.Memory memory, @Nullable Long limit, @Nullable Long swap)
      throws CgroupException {
    check(memory, limit, directory + "/memory.current");
    Long swapAlone = swap;
    if (swap != null && swap > 0) {
      if (limit == null || limit < 0) {
        throw new CgroupException(
            "linux.resources.memory.swap: is memory and swap together, which cgroup v2 counts"
                + " apart; give memory.limit also");
      }
      swapAlone = swap - limit;
    }
    if (swapAlone == null && limit != null && limit == -1) {
      swapAlone = -1L;
    }
    if (swapAlone != null) {
      String file = directory + "/memory.swap.max";
      if (limits.exists(file)) {
        limits.set("memory.swap", file, swapAlone < 0 ? "max" : swapAlone.toString());
      } else if (swap != null && swap > 0) {
        throw limits.missing("memory.swap", "memory.swap (swap accounting)");
      }
    }
    if (limit != null) {
      limits.set("memory.limit", directory + "/memory.max", limit < 0 ? "max" : limit.toString());
    }
    Long reservation = set(memory.reservation());
    if (reservation != null) {
      limits.set(
          "memory.reservation",
          directory + "/memory.low",
          reservation < 0 ? "max" : reservation.toString());
    }
    if (memory.swappiness() != null) {
      limits.warn("memory.swappiness has no effect: cgroup v2 does not have it");
    }
    if (Boolean.TRUE.equals(memory.disableOOMKiller())) {
      limits.warn("memory.disableOOMKiller has no effect: cgroup v2 does not have it");
    }
  }

  private void check(Resources.Memory memory, @Nullable Long limit, String usageFile)
      throws CgroupException {
    if (memory.checkBeforeUpdate() && limit != null && limit > 0) {
      long usage = number(limits.read(usageFile));
      if (usage > limit) {
        throw new CgroupException(
            "linux.resources.memory.limit: is less than the " + usage + " bytes in use");
      }
    }
  }

  /** A limit with what the sandbox itself needs; 0 leaves it, as for runc. */
  private static @Nullable Long more(@Nullable Long limit, long overhead) {
    Long given = set(limit);
    if (given == null || given < 0) {
      return given;
    }
    return given > Long.MAX_VALUE - overhead ? Long.MAX_VALUE : given + overhead;
  }

  private static @Nullable Long set(@Nullable Long value) {
    return value == null || value == 0 ? null : value;
  }

  private static boolean above(@Nullable Long value, long bound) {
    return value != null && value > bound;
  }

  private static long number(@Nullable String text) {
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  /** The value in the first line, {@code oom_kill_disable 0}. */
  private static String word(@Nullable String text) {
    String line = text == null ? "" : text.lines().findFirst().orElse("");
    return line.substring(line.lastIndexOf(' ') + 1);
  }
}
