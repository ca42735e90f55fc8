package dev.bulwark.control;

/**
 * What a container may use: the fields of {@code linux.resources} that processes inside can see.
 * The runtime enforces them on the sandbox as a whole; the Sentry shows them, and enforces those
 * that only it can. For each number 0 is no limit.
 *
 * @param memory bytes of memory
 * @param swap bytes of memory and swap together, as the configuration has it
 * @param cpuQuotaMicros microseconds of CPU time in each period
 * @param cpuPeriodMicros microseconds; 0 for the usual 100,000
 * @param cpuShares relative weight as cgroup v1 has it, 2 to 262144
 * @param cpuset processors, such as {@code 0-2,4}; empty for all
 * @param pids tasks that may exist at a time
 */
public record ResourceLimits(
    long memory,
    long swap,
    long cpuQuotaMicros,
    long cpuPeriodMicros,
    long cpuShares,
    String cpuset,
    long pids) {

  /** No limits. */
  public static final ResourceLimits NONE = new ResourceLimits(0, 0, 0, 0, 0, "", 0);

  /** Checks that no number is negative. */
  public ResourceLimits {
    if (memory < 0
        || swap < 0
        || cpuQuotaMicros < 0
        || cpuPeriodMicros < 0
        || cpuShares < 0
        || pids < 0) {
      throw new IllegalArgumentException("a limit is negative");
    }
  }

  /** The bytes that {@link #decode} reads. */
  public byte[] encode() {
    WireWriter writer = new WireWriter();
    encode(writer);
    return writer.toBytes();
  }

  void encode(WireWriter writer) {
    writer
        .number(memory)
        .number(swap)
        .number(cpuQuotaMicros)
        .number(cpuPeriodMicros)
        .number(cpuShares)
        .string(cpuset)
        .number(pids);
  }

  /**
   * Reads limits.
   *
   * @throws MalformedException when the bytes are none
   */
  public static ResourceLimits decode(byte[] bytes) throws MalformedException {
    WireReader reader = new WireReader(bytes, bytes.length);
    ResourceLimits limits = decode(reader);
    reader.requireEnd();
    return limits;
  }

  static ResourceLimits decode(WireReader reader) throws MalformedException {
    try {
      return new ResourceLimits(
          reader.number(),
          reader.number(),
          reader.number(),
          reader.number(),
          reader.number(),
          reader.string(),
          reader.number());
    } catch (IllegalArgumentException wrong) {
      throw new MalformedException(String.valueOf(wrong.getMessage()));
    }
  }
}
