package dev.bulwark.tests;

import java.util.List;

/** A network namespace for one command, so that nothing that a test sends leaves it. */
final class Network {
  /** Goes before a command: a new namespace whose loopback interface is up. */
  static final List<String> OWN =
      List.of("unshare", "--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh");

  private Network() {}
}
