package dev.bulwark.runtime.cgroup;

import dev.bulwark.runtime.oci.Resources;
import java.util.List;

/**
 * Limits of block devices. Weights are a wish that not every scheduler of devices knows: without
 * one that does there is a warning.
 */
final class IoLimits {
  private final Limits limits;

  IoLimits(Limits limits) {
    this.limits = limits;
  }

  void apply(Resources.BlockIo io) throws CgroupException {
    if (io.equals(Resources.BlockIo.NONE)) {
      return;
    }
    String v1 = limits.v1("blkio");
    String v2 = limits.v2("io");
    if (v1 == null && v2 == null) {
      throw limits.missing("blockIO", "io");
    }
    if (io.leafWeight() != null) {
      limits.warn("blockIO.leafWeight has no effect: Linux has given it up");
    }
    weights(io, v1, v2);
    if (v1 != null) {
      String stem = v1 + "/blkio.throttle.";
      rates("throttleReadBpsDevice", stem + "read_bps_device", "", io.throttleReadBpsDevice());
      rates("throttleWriteBpsDevice", stem + "write_bps_device", "", io.throttleWriteBpsDevice());
      rates("throttleReadIOPSDevice", stem + "read_iops_device", "", io.throttleReadIOPSDevice());
      rates(
          "throttleWriteIOPSDevice", stem + "write_iops_device", "", io.throttleWriteIOPSDevice());
    } else {
      String file = v2 + "/io.max";
      rates("throttleReadBpsDevice", file, "rbps=", io.throttleReadBpsDevice());
      rates("throttleWriteBpsDevice", file, "wbps=", io.throttleWriteBpsDevice());
      rates("throttleReadIOPSDevice", file, "riops=", io.throttleReadIOPSDevice());
      rates("throttleWriteIOPSDevice", file, "wiops=", io.throttleWriteIOPSDevice());
    }
  }

  private void weights(
      Resources.BlockIo io,
      @org.jspecify.annotations.Nullable String v1,
      @org.jspecify.annotations.Nullable String v2)
      throws CgroupException {
    boolean scaled = false;
    String file;
    if (v1 != null) {
      boolean old = limits.exists(v1 + "/blkio.weight");
      file = v1 + (old ? "/blkio.weight" : "/blkio.bfq.weight");
    } else {
      scaled = !limits.exists(v2 + "/io.bfq.weight");
      file = v2 + (scaled ? "/io.weight" : "/io.bfq.weight");
    }
    boolean able = limits.exists(file);
    Integer weight = io.weight();
    if (weight != null && able) {
      limits.set("blockIO.weight", file, (scaled ? "default " : "") + scale(weight, scaled));
    } else if (weight != null) {
      limits.warn(
          "blockIO.weight has no effect: no scheduler of this host's devices knows weights");
    }
    for (Resources.WeightDevice device : io.weightDevice()) {
      Integer own = device.weight();
      if (own == null) {
        continue;
      }
      String deviceFile = v1 != null && able ? file + "_device" : file;
      if (!limits.exists(deviceFile)) {
        limits.warn(
            "blockIO.weightDevice has no effect: no scheduler of this host's devices knows weights");
        return;
      }
      limits.set(
          "blockIO.weightDevice",
          deviceFile,
          device.major() + ":" + device.minor() + " " + scale(own, scaled));
    }
  }

  private void rates(String field, String file, String key, List<Resources.ThrottleDevice> devices)
      throws CgroupException {
    for (Resources.ThrottleDevice device : devices) {
      String rate = Long.toUnsignedString(device.rate());
      if (!key.isEmpty() && device.rate() == 0) {
        rate = "max";
      }
      limits.set(
          "blockIO." + field, file, device.major() + ":" + device.minor() + " " + key + rate);
    }
  }

  /** A weight of v1, 10 to 1000, as one of io.weight, 1 to 10000; as runc converts it. */
  static int scale(int weight, boolean scaled) {
    return scaled ? 1 + (weight - 10) * 9999 / 990 : weight;
  }
}
