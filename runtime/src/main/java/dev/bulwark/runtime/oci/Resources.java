package dev.bulwark.runtime.oci;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Limits of a container: of {@code linux.resources}, and of {@code update}, where an absent one
 * means that it stays as it is.
 *
 * @param devices rules of what may be opened, in order; without effect, since no device of the host
 *     is reachable
 * @param memory limits of memory
 * @param cpu shares of processors
 * @param pids the most tasks, -1 for no limit; null or 0 to leave it
 * @param blockIO limits of block devices
 * @param hugepageLimits limits by page size
 * @param network marks of packets
 * @param rdma limits by device
 * @param unified files of cgroup v2 and what to write to them, in order
 */
public record Resources(
    List<DeviceRule> devices,
    Memory memory,
    Cpu cpu,
    @Nullable Long pids,
    BlockIo blockIO,
    List<HugepageLimit> hugepageLimits,
    Network network,
    Map<String, Rdma> rdma,
    Map<String, String> unified) {

  /** No limits at all. */
  public static final Resources NONE =
      new Resources(
          List.of(),
          Memory.NONE,
          Cpu.NONE,
          null,
          BlockIo.NONE,
          List.of(),
          Network.NONE,
          Map.of(),
          Map.of());

  /**
   * A rule of the device controller.
   *
   * @param allow or deny
   * @param type {@code a}, {@code b} or {@code c}
   * @param major null for any
   * @param minor null for any
   * @param access a set of the letters r, w, m; empty for all
   */
  public record DeviceRule(
      boolean allow, char type, @Nullable Long major, @Nullable Long minor, String access) {}

  /**
   * Limits of memory, in bytes; -1 is no limit.
   *
   * @param limit of memory
   * @param reservation what reclaim leaves alone
   * @param swap limit of memory and swap together
   * @param kernel ignored with a warning: Linux has given it up
   * @param kernelTCP ignored with a warning
   * @param swappiness 0 to 100
   * @param disableOOMKiller whether to halt instead of kill
   * @param checkBeforeUpdate whether an update must not set the limit below what is in use
   */
  public record Memory(
      @Nullable Long limit,
      @Nullable Long reservation,
      @Nullable Long swap,
      @Nullable Long kernel,
      @Nullable Long kernelTCP,
      @Nullable Long swappiness,
      @Nullable Boolean disableOOMKiller,
      boolean checkBeforeUpdate) {
    /** No limits. */
    public static final Memory NONE = new Memory(null, null, null, null, null, null, null, false);
  }

  /**
   * Shares of processors.
   *
   * @param shares relative weight, 2 to 262144 on cgroup v1
   * @param quota microseconds in each period; negative for no limit
   * @param burst microseconds that can be saved up
   * @param period microseconds
   * @param realtimeRuntime microseconds in each realtime period
   * @param realtimePeriod microseconds
   * @param cpus a list as in cpuset(7); empty to leave it
   * @param mems a list as in cpuset(7); empty to leave it
   * @param idle 1 to run only when nothing else wants to
   */
  public record Cpu(
      @Nullable Long shares,
      @Nullable Long quota,
      @Nullable Long burst,
      @Nullable Long period,
      @Nullable Long realtimeRuntime,
      @Nullable Long realtimePeriod,
      String cpus,
      String mems,
      @Nullable Long idle) {
    /** No limits. */
    public static final Cpu NONE = new Cpu(null, null, null, null, null, null, "", "", null);
  }

  /**
   * Limits of block devices.
   *
   * @param weight 10 to 1000
   * @param leafWeight 10 to 1000
   * @param weightDevice weights of single devices
   * @param throttleReadBpsDevice bytes a second
   * @param throttleWriteBpsDevice bytes a second
   * @param throttleReadIOPSDevice operations a second
   * @param throttleWriteIOPSDevice operations a second
   */
  public record BlockIo(
      @Nullable Integer weight,
      @Nullable Integer leafWeight,
      List<WeightDevice> weightDevice,
      List<ThrottleDevice> throttleReadBpsDevice,
      List<ThrottleDevice> throttleWriteBpsDevice,
      List<ThrottleDevice> throttleReadIOPSDevice,
      List<ThrottleDevice> throttleWriteIOPSDevice) {
    /** No limits. */
    public static final BlockIo NONE =
        new BlockIo(null, null, List.of(), List.of(), List.of(), List.of(), List.of());
  }

  /**
   * The weight of a device.
   *
   * @param major number of the device
   * @param minor number of the device
   * @param weight 10 to 1000
   * @param leafWeight 10 to 1000
   */
  public record WeightDevice(
      long major, long minor, @Nullable Integer weight, @Nullable Integer leafWeight) {}

  /**
   * The rate of a device.
   *
   * @param major number of the device
   * @param minor number of the device
   * @param rate a second, without sign; 0 for no limit
   */
  public record ThrottleDevice(long major, long minor, long rate) {}

  /**
   * A limit of huge pages.
   *
   * @param pageSize {@code 2MB}
   * @param limit bytes, without sign
   */
  public record HugepageLimit(String pageSize, long limit) {}

  /**
   * Marks of packets on cgroup v1.
   *
   * @param classID for traffic control
   * @param priorities of interfaces
   */
  public record Network(@Nullable Long classID, List<InterfacePriority> priorities) {
    /** No marks. */
    public static final Network NONE = new Network(null, List.of());
  }

  /**
   * The priority of an interface.
   *
   * @param name of the interface
   * @param priority the more, the sooner
   */
  public record InterfacePriority(String name, long priority) {}

  /**
   * Limits of an RDMA device.
   *
   * @param hcaHandles null for no limit
   * @param hcaObjects null for no limit
   */
  public record Rdma(@Nullable Long hcaHandles, @Nullable Long hcaObjects) {}
}
