package dev.bulwark.runtime.cgroup;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a container's cgroup is to be in every hierarchy.
 *
 * @param relative whether it is below the runtime's own cgroup
 * @param path without a slash at either end; {@code system.slice/docker-ID.scope}
 * @param unit the unit of systemd; empty when the driver is not systemd's
 * @param slice the slice that the unit is in; empty when the driver is not systemd's
 */
public record CgroupPath(boolean relative, String path, String unit, String slice) {
  private static final String DEFAULT_SLICE = "system.slice";

  /**
   * Understands {@code linux.cgroupsPath}.
   *
   * @param cgroupsPath absolute, relative to the runtime's own cgroup, empty for {@code
   *     /bulwark/ID}, or with systemd's driver {@code slice:prefix:name}
   * @param id the container's
   * @param systemd whether the driver is systemd's
   * @throws CgroupException when it does not fit the driver
   */
  public static CgroupPath of(String cgroupsPath, String id, boolean systemd)
      throws CgroupException {
    if (systemd) {
      return systemd(cgroupsPath, id);
    }
    if (cgroupsPath.isEmpty()) {
      return new CgroupPath(false, "bulwark/" + id, "", "");
    }
    String path = clean(cgroupsPath);
    if (path.isEmpty()) {
      throw new CgroupException(
          "config.json: linux.cgroupsPath: is the root of all cgroups; name one below it");
    }
    return new CgroupPath(!cgroupsPath.startsWith("/"), path, "", "");
  }

  private static CgroupPath systemd(String cgroupsPath, String id) throws CgroupException {
    String[] parts =
        cgroupsPath.isEmpty() ? new String[] {"", "bulwark", id} : cgroupsPath.split(":", -1);
    if (parts.length != 3 || parts[2].isEmpty()) {
      throw new CgroupException(
          "config.json: linux.cgroupsPath: must have the form slice:prefix:name with"
              + " --systemd-cgroup, not \""
              + cgroupsPath
              + "\"");
    }
    String slice = parts[0].isEmpty() ? DEFAULT_SLICE : parts[0];
    boolean isSlice = parts[2].endsWith(".slice");
    String unit =
        isSlice ? parts[2] : (parts[1].isEmpty() ? "" : parts[1] + "-") + parts[2] + ".scope";
    if (unit.indexOf('/') >= 0 || unit.length() > 255) {
      throw new CgroupException(
          "config.json: linux.cgroupsPath: gives no name of a unit: \"" + unit + "\"");
    }
    String directories = expand(slice);
    return new CgroupPath(
        false, directories.isEmpty() ? unit : directories + "/" + unit, unit, slice);
  }

  /** The directories of a slice: {@code a-b.slice} is {@code a.slice/a-b.slice}. */
  static String expand(String slice) throws CgroupException {
    if (slice.equals("-.slice")) {
      return "";
    }
    String stem = slice.endsWith(".slice") ? slice.substring(0, slice.length() - 6) : "";
    boolean bad = stem.isEmpty() || stem.startsWith("-") || stem.endsWith("-");
    if (bad || stem.contains("--") || stem.indexOf('/') >= 0) {
      throw new CgroupException(
          "config.json: linux.cgroupsPath: \""
              + slice
              + "\" is not the name of a slice of systemd");
    }
    StringBuilder path = new StringBuilder();
    for (int dash = stem.indexOf('-'); dash >= 0; dash = stem.indexOf('-', dash + 1)) {
      path.append(stem, 0, dash).append(".slice/");
    }
    return path.append(slice).toString();
  }

  /** Without empty parts, {@code .} and {@code ..}, as if from the root. */
  private static String clean(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        if (!parts.isEmpty()) {
          parts.removeLast();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return String.join("/", parts);
  }

  /** The directory in a hierarchy. */
  String in(CgroupHost.Hierarchy hierarchy, boolean v2) {
    String base = hierarchy.mountPoint();
    if (relative) {
      base = hierarchy.own();
      if (v2 && base.length() > hierarchy.mountPoint().length()) {
        // A cgroup of v2 with processes cannot pass controllers on; so beside it, as runc does.
        base = base.substring(0, base.lastIndexOf('/'));
      }
    }
    return base + "/" + path;
  }
}
