package dev.bulwark.runtime.oci;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which devices of a configuration a container has: the Sentry's own, and pipes. */
public final class DeviceSupport {
  /** Major and minor numbers of what the Sentry has itself: null to urandom, tty to ptmx. */
  private static final Set<List<Integer>> OWN =
      Set.of(
          List.of(1, 3),
          List.of(1, 5),
          List.of(1, 7),
          List.of(1, 8),
          List.of(1, 9),
          List.of(5, 0),
          List.of(5, 1),
          List.of(5, 2));

  private DeviceSupport() {}

  /** Whether the Sentry has a device. */
  public static boolean served(Linux.Device device) {
    return device.type() == 'p'
        || (device.type() == 'c' || device.type() == 'u')
            && OWN.contains(List.of(device.major(), device.minor()));
  }

  /**
   * The first device that the container was to have by name and cannot have; null when there is
   * none. Engines give a privileged container every device of the host and admit all use: nobody
   * asked for one of them, so they are {@link #leftOut}.
   */
  static Linux.@Nullable Device refused(Linux linux) {
    if (everythingAllowed(linux)) {
      return null;
    }
    return linux.devices().stream().filter(device -> !served(device)).findFirst().orElse(null);
  }

  /** The devices that a privileged container goes without. */
  public static List<Linux.Device> leftOut(Linux linux) {
    return linux.devices().stream().filter(device -> !served(device)).toList();
  }

  private static boolean everythingAllowed(Linux linux) {
    List<Resources.DeviceRule> rules = linux.resources().devices();
    if (rules.isEmpty()) {
      return false;
    }
    Resources.DeviceRule last = rules.getLast();
    return last.allow()
        && last.type() == 'a'
        && last.major() == null
        && last.minor() == null
        && (last.access().isEmpty() || last.access().length() == 3);
  }
}
