package dev.bulwark.sentry.fs.proc;

/** The directory net, of a sandbox that has no network: Unix sockets, and headings of the rest. */
final class NetFiles {
  private static final String TCP =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
          + " inode\n";
  private static final String TCP6 =
      "  sl  local_address                         remote_address                        st"
          + " tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
  private static final String UDP =
      "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
          + " inode ref pointer drops\n";
  private static final String UDP6 =
      "  sl  local_address                         remote_address                        st"
          + " tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n";
  private static final String DEV =
      "Inter-|   Receive                                                |  Transmit\n"
          + " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets"
          + " errs drop fifo colls carrier compressed\n";
  private static final String ROUTE =
      "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
  private static final String ARP =
      "IP address       HW type     Flags       HW address            Mask     Device\n";

  private NetFiles() {}

  /** Adds the link at the root of /proc. */
  static void addTo(ProcDirectory root, ProcSystem system) {
    root.add("net", SystemFiles.link(system, "self/net"));
  }

  /** Makes the directory of a process. */
  static ProcDirectory directory(ProcSystem system) {
    return new ProcDirectory(system, system.nextNumber(), 0555, null)
        .text("arp", () -> ARP)
        .text("dev", () -> DEV)
        .text("fib_trie", () -> "")
        .text("if_inet6", () -> "")
        .text("igmp", () -> "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n")
        .text("ipv6_route", () -> "")
        .text("netlink", () -> "sk               Eth Pid        Groups   Rmem     Wmem     Dump\n")
        .text("netstat", () -> "")
        .text("packet", () -> "sk       RefCnt Type Proto  Iface R Rmem   User   Inode\n")
        .text("protocols", () -> "")
        .text("raw", () -> UDP)
        .text("raw6", () -> UDP6)
        .text("route", () -> ROUTE)
        .text("snmp", () -> "")
        .text("sockstat", () -> "sockets: used 0\nTCP: inuse 0 orphan 0 tw 0 alloc 0 mem 0\n")
        .text("tcp", () -> TCP)
        .text("tcp6", () -> TCP6)
        .text("udp", () -> UDP)
        .text("udp6", () -> UDP6)
        .text("unix", () -> SocketText.unix(system.kernel()))
        .text("wireless", () -> "");
  }
}
