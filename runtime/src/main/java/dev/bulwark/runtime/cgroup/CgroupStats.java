package dev.bulwark.runtime.cgroup;

import dev.bulwark.control.Answer;
import dev.bulwark.runtime.json.JsonWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a container has used, as {@code events --stats} tells it.
 *
 * @param cpu times and throttling
 * @param memory of processes and files in memory
 * @param swap of memory and swap on v1, of swap on v2
 * @param kernel of the kernel's own data, where the host counts it
 * @param raw all counters of memory.stat
 * @param pids tasks
 * @param blkio bytes by device and direction
 * @param blkioCount operations by device and direction
 * @param hugetlb huge pages by size
 */
public record CgroupStats(
    Cpu cpu,
    Memory memory,
    Memory swap,
    Memory kernel,
    Map<String, Long> raw,
    Pids pids,
    List<Io> blkio,
    List<Io> blkioCount,
    Map<String, Memory> hugetlb) {
  /**
   * Times of processors, in nanoseconds.
   *
   * @param total of all processors
   * @param percpu of each; none on v2
   * @param user outside the kernel
   * @param kernel in the kernel
   * @param periods of the quota
   * @param throttled how many of them were used up
   * @param throttledTime for how long it had to wait
   */
  public record Cpu(
      long total,
      List<Long> percpu,
      long user,
      long kernel,
      long periods,
      long throttled,
      long throttledTime) {}

  /**
   * A use of memory in bytes, without sign.
   *
   * @param usage now
   * @param max the most so far
   * @param limit -1 for none
   * @param failcnt how often the limit was hit
   */
  public record Memory(long usage, long max, long limit, long failcnt) {}

  /**
   * Tasks.
   *
   * @param current now
   * @param limit 0 for none
   */
  public record Pids(long current, long limit) {}

  /**
   * A counter of a device.
   *
   * @param major number
   * @param minor number
   * @param op {@code Read}, {@code Write} and so on
   * @param value bytes or operations
   */
  public record Io(long major, long minor, String op, long value) {}

  static CgroupStats of(Cgroup cgroup) {
    return new StatsReader(cgroup).read();
  }

  /**
   * The event in runc's form: one line.
   *
   * @param calls how system calls came to the Sentry, to stand beside what runc tells; or null
   */
  public String event(String id, Answer.@Nullable Calls calls) {
    JsonWriter out = JsonWriter.compact().object().add("type", "stats").add("id", id);
    out.object("data");
    cpu(out.object("cpu"));
    out.endObject();
    out.object("cpuset").endObject();
    out.object("memory")
        .addUnsigned("cache", raw.getOrDefault("cache", raw.getOrDefault("file", 0L)));
    entry(out, "usage", memory);
    entry(out, "swap", swap);
    entry(out, "kernel", kernel);
    entry(out, "kernelTCP", new Memory(0, 0, 0, 0));
    out.object("raw");
    for (Map.Entry<String, Long> each : raw.entrySet()) {
      out.addUnsigned(each.getKey(), each.getValue());
    }
    out.endObject().endObject();
    out.object("pids").add("current", pids.current()).add("limit", pids.limit()).endObject();
    out.object("blkio");
    io(out, "ioServiceBytesRecursive", blkio);
    io(out, "ioServicedRecursive", blkioCount);
    out.endObject().object("hugetlb");
    for (Map.Entry<String, Memory> each : hugetlb.entrySet()) {
      entry(out, each.getKey(), each.getValue());
    }
    out.endObject().object("intel_rdt").endObject();
    out.array("network_interfaces").endArray();
    if (calls != null) {
      out.object("bulwark").object("calls");
      out.addUnsigned("trapped", calls.trapped()).addUnsigned("patched", calls.patched());
      out.endObject().endObject();
    }
    return out.endObject().endObject().toString();
  }

  private void cpu(JsonWriter out) {
    out.object("usage").addUnsigned("total", cpu.total()).array("percpu");
    for (long each : cpu.percpu()) {
      out.element(each);
    }
    out.endArray().addUnsigned("kernel", cpu.kernel()).addUnsigned("user", cpu.user()).endObject();
    out.object("throttling")
        .addUnsigned("periods", cpu.periods())
        .addUnsigned("throttledPeriods", cpu.throttled())
        .addUnsigned("throttledTime", cpu.throttledTime())
        .endObject();
  }

  private static void entry(JsonWriter out, String name, Memory memory) {
    out.object(name)
        .addUnsigned("limit", memory.limit())
        .addUnsigned("usage", memory.usage())
        .addUnsigned("max", memory.max())
        .addUnsigned("failcnt", memory.failcnt())
        .endObject();
  }

  private static void io(JsonWriter out, String name, List<Io> entries) {
    out.array(name);
    for (Io entry : entries) {
      out.object().add("major", entry.major()).add("minor", entry.minor()).add("op", entry.op());
      out.addUnsigned("value", entry.value()).endObject();
    }
    out.endArray();
  }
}
