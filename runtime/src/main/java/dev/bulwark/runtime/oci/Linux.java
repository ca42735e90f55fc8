package dev.bulwark.runtime.oci;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What only Linux has.
 *
 * @param uidMappings of the user namespace; ranges do not overlap
 * @param gidMappings of the user namespace; ranges do not overlap
 * @param sysctl kernel parameters, {@code net.ipv4.ip_forward} to value
 * @param resources limits
 * @param cgroupsPath where the container's cgroup is to be; empty for the default
 * @param namespaces each kind at most once
 * @param devices to make in the container
 * @param seccomp the filter of system calls; null for none
 * @param rootfsPropagation of the root's mount, {@code private} and its kin; empty for the default
 * @param maskedPaths absolute paths that are to look empty
 * @param readonlyPaths absolute paths that cannot be written to
 * @param mountLabel accepted; there is no SELinux inside
 * @param intelRdt whether a group of Intel RDT is asked for
 * @param personality the execution domain; null for the default
 * @param timeOffsets whether offsets of clocks are asked for
 */
public record Linux(
    List<IdMapping> uidMappings,
    List<IdMapping> gidMappings,
    Map<String, String> sysctl,
    Resources resources,
    String cgroupsPath,
    List<Namespace> namespaces,
    List<Device> devices,
    @Nullable Seccomp seccomp,
    String rootfsPropagation,
    List<String> maskedPaths,
    List<String> readonlyPaths,
    String mountLabel,
    @Nullable IntelRdt intelRdt,
    @Nullable Personality personality,
    Map<String, TimeOffset> timeOffsets) {

  /**
   * A device node to make.
   *
   * @param path absolute, in the container
   * @param type {@code b}, {@code c}, {@code u} or {@code p}
   * @param major 0 to 4095; 0 for type p
   * @param minor 0 to 1048575; 0 for type p
   * @param fileMode permission bits; null for the default
   * @param uid owner, without sign; null for the default
   * @param gid group, without sign; null for the default
   */
  public record Device(
      String path,
      char type,
      int major,
      int minor,
      @Nullable Integer fileMode,
      @Nullable Integer uid,
      @Nullable Integer gid) {}

  /**
   * Intel's Resource Director Technology, which Bulwark refuses.
   *
   * @param closID name of the class of service
   * @param l3CacheSchema of the cache
   * @param memBwSchema of the memory bandwidth
   * @param enableCMT whether the cache is monitored
   * @param enableMBM whether the bandwidth is monitored
   */
  public record IntelRdt(
      String closID,
      String l3CacheSchema,
      String memBwSchema,
      boolean enableCMT,
      boolean enableMBM) {}

  /**
   * An execution domain, as for personality(2).
   *
   * @param domain {@code LINUX} or {@code LINUX32}
   * @param flags none is known to the specification
   */
  public record Personality(String domain, List<String> flags) {}

  /**
   * The offset of a clock in a time namespace.
   *
   * @param secs seconds
   * @param nanosecs 0 to 999999999
   */
  public record TimeOffset(long secs, int nanosecs) {}
}
