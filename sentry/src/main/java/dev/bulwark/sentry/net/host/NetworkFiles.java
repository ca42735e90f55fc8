package dev.bulwark.sentry.net.host;

import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostPath;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the host tells of the network namespace in /proc: files that are opened once, at start, and
 * read again whenever somebody asks. So nothing is opened later, and they stay those of the
 * namespace that the Sentry was started in. Thread-safe.
 */
public final class NetworkFiles {
  /** The most bytes of a file; a table of connections has 150 for each. */
  private static final int MAXIMUM = 16 << 20;

  private static final String[] NET = {
    "arp", "dev", "dev_mcast", "fib_trie", "fib_triestat", "icmp", "icmp6", "if_inet6", "igmp",
    "igmp6", "ipv6_route", "mcfilter", "mcfilter6", "netstat", "protocols", "raw", "raw6", "route",
    "rt_cache", "snmp", "snmp6", "sockstat", "sockstat6", "softnet_stat", "tcp", "tcp6", "udp",
    "udp6"
  };

  private static final String[] PARAMETERS = {
    "core/somaxconn",
    "core/rmem_default",
    "core/rmem_max",
    "core/wmem_default",
    "core/wmem_max",
    "core/optmem_max",
    "ipv4/ip_default_ttl",
    "ipv4/ip_forward",
    "ipv4/ip_local_port_range",
    "ipv4/ip_nonlocal_bind",
    "ipv4/ip_unprivileged_port_start",
    "ipv4/ping_group_range",
    "ipv4/tcp_available_congestion_control",
    "ipv4/tcp_congestion_control",
    "ipv4/tcp_fin_timeout",
    "ipv4/tcp_keepalive_time",
    "ipv4/tcp_keepalive_intvl",
    "ipv4/tcp_keepalive_probes",
    "ipv4/tcp_retries2",
    "ipv4/tcp_rmem",
    "ipv4/tcp_sack",
    "ipv4/tcp_syn_retries",
    "ipv4/tcp_synack_retries",
    "ipv4/tcp_syncookies",
    "ipv4/tcp_timestamps",
    "ipv4/tcp_tw_reuse",
    "ipv4/tcp_window_scaling",
    "ipv4/tcp_wmem",
    "ipv4/tcp_fastopen",
    "ipv4/tcp_max_syn_backlog",
    "ipv6/conf/all/disable_ipv6",
    "ipv6/conf/default/disable_ipv6",
    "ipv6/conf/lo/disable_ipv6",
    "ipv6/bindv6only"
  };

  private final Map<String, Integer> net = new HashMap<>();
  private final Map<String, Integer> parameters = new HashMap<>();

  /**
   * Opens the files; those that the host does not have are left out.
   *
   * @param proc a descriptor of the host's /proc, which stays the caller's
   */
  public NetworkFiles(int proc) {
    for (String name : NET) {
      open(proc, "self/net/" + name, name, net);
    }
    for (String name : PARAMETERS) {
      open(proc, "sys/net/" + name, name, parameters);
    }
  }

  private static void open(int proc, String path, String name, Map<String, Integer> into) {
    long fd = HostPath.openAt(proc, path, HostPath.O_RDONLY | HostPath.O_CLOEXEC, 0);
    if (fd >= 0) {
      into.put(name, (int) fd);
    }
  }

  /** Closes the files. */
  public void close() {
    net.values().forEach(HostFile::close);
    parameters.values().forEach(HostFile::close);
    net.clear();
    parameters.clear();
  }

  /** The contents of a file of /proc/net as a byte string, or null when the host has none. */
  public @Nullable String net(String name) {
    return read(net.get(name));
  }

  /**
   * A kernel parameter with its newline, or null when the host has none.
   *
   * @param name below /proc/sys/net, such as {@code ipv4/ip_forward}
   */
  public @Nullable String parameter(String name) {
    return read(parameters.get(name));
  }

  /** The names that {@link #parameter} knows. */
  public java.util.Set<String> parameterNames() {
    return parameters.keySet();
  }

  /**
   * The numbers of a kernel parameter.
   *
   * @return what there is of them; empty when the host has no such parameter
   */
  public long[] numbers(String name) {
    String text = parameter(name);
    if (text == null || text.isBlank()) {
      return new long[0];
    }
    String[] words = text.strip().split("\\s+", -1);
    long[] numbers = new long[words.length];
    for (int i = 0; i < words.length; i++) {
      try {
        numbers[i] = Long.parseLong(words[i]);
      } catch (NumberFormatException e) {
        return new long[0];
      }
    }
    return numbers;
  }

  private static @Nullable String read(@Nullable Integer fd) {
    if (fd == null) {
      return null;
    }
    try {
      return new String(HostIo.readFile(fd, MAXIMUM), StandardCharsets.ISO_8859_1);
    } catch (HostException e) {
      return null;
    }
  }
}
