package dev.bulwark.sentry.fs.proc;

import dev.bulwark.sentry.net.inet.HostStack;
import java.util.Map;

/**
 * The directory net: Unix sockets, and what the host tells of the sandbox's network; headings where
 * there is none.
 */
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

  private static final String IGMP =
      "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n";
  private static final String SOCKSTAT =
      "sockets: used 0\nTCP: inuse 0 orphan 0 tw 0 alloc 0 mem 0\n";

  private static final String[] AS_THE_HOST = {
    "arp",
    "dev",
    "dev_mcast",
    "fib_trie",
    "fib_triestat",
    "icmp",
    "icmp6",
    "if_inet6",
    "igmp",
    "igmp6",
    "ipv6_route",
    "mcfilter",
    "mcfilter6",
    "netstat",
    "protocols",
    "route",
    "rt_cache",
    "snmp",
    "snmp6",
    "sockstat",
    "sockstat6",
    "softnet_stat"
  };

  private NetFiles() {}

  /** Adds the link at the root of /proc. */
  static void addTo(ProcDirectory root, ProcSystem system) {
    root.add("net", SystemFiles.link(system, "self/net"));
  }

  /** Makes the directory of a process. */
  static ProcDirectory directory(ProcSystem system) {
    ProcDirectory made =
        new ProcDirectory(system, system.nextNumber(), 0555, null)
            .text(
                "netlink",
                () -> "sk               Eth Pid        Groups   Rmem     Wmem     Dump\n")
            .text("packet", () -> "sk       RefCnt Type Proto  Iface R Rmem   User   Inode\n")
            .text("unix", () -> SocketText.unix(system.kernel()))
            .text("wireless", () -> "");
    Map<String, String> headings =
        Map.of("arp", ARP, "dev", DEV, "igmp", IGMP, "route", ROUTE, "sockstat", SOCKSTAT);
    for (String name : AS_THE_HOST) {
      made.text(name, () -> ofHost(system, name, headings.getOrDefault(name, "")));
    }
    made.text("tcp", () -> connections(system, "tcp", TCP));
    made.text("tcp6", () -> connections(system, "tcp6", TCP6));
    made.text("udp", () -> connections(system, "udp", UDP));
    made.text("udp6", () -> connections(system, "udp6", UDP6));
    made.text("raw", () -> connections(system, "raw", UDP));
    return made.text("raw6", () -> connections(system, "raw6", UDP6));
  }

  private static String ofHost(ProcSystem system, String name, String otherwise) {
    HostStack network = system.kernel().network();
    String text = network == null ? null : network.files().net(name);
    return text == null ? otherwise : text;
  }

  private static String connections(ProcSystem system, String name, String heading) {
    HostStack network = system.kernel().network();
    String text = ofHost(system, name, heading);
    return network == null ? text : ConnectionText.own(text, network.sockets().all());
  }
}
