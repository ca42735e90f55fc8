package dev.bulwark.sentry.fs.proc;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostRandom;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.UtsNames;
import dev.bulwark.sentry.net.inet.HostStack;
import dev.bulwark.sentry.vfs.FdTable;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The kernel's parameters in /proc/sys (proc(5), sysctl(8)). All but names are constant. */
public final class SysctlFiles {
  /** {@code path value} each: what Linux has by default, where the Sentry has such a limit. */
  private static final String CONSTANTS =
      """
      kernel/pid_max 4194304
      kernel/threads-max 32768
      kernel/ngroups_max 65536
      kernel/cap_last_cap 40
      kernel/shmmax 18446744073692774399
      kernel/shmall 18446744073692774399
      kernel/shmmni 4096
      kernel/shm_rmid_forced 0
      kernel/auto_msgmni 0
      kernel/sem 32000\t1024000000\t500\t32000
      kernel/msgmax 8192
      kernel/msgmnb 16384
      kernel/msgmni 32000
      kernel/sched_child_runs_first 0
      kernel/sched_rr_timeslice_ms 100
      kernel/randomize_va_space 2
      kernel/core_pattern core
      kernel/core_uses_pid 0
      kernel/overflowuid 65534
      kernel/overflowgid 65534
      kernel/yama/ptrace_scope 0
      kernel/unprivileged_userns_clone 0
      kernel/perf_event_paranoid 4
      kernel/kptr_restrict 2
      kernel/dmesg_restrict 1
      kernel/printk 4\t4\t1\t7
      kernel/panic 0
      kernel/tainted 0
      kernel/keys/maxkeys 200
      kernel/random/entropy_avail 256
      kernel/random/poolsize 256
      kernel/random/write_wakeup_threshold 256
      kernel/random/urandom_min_reseed_secs 60
      kernel/seccomp/actions_avail kill_process kill_thread trap errno trace log allow
      kernel/seccomp/actions_logged kill_process kill_thread trap errno trace log
      vm/overcommit_memory 0
      vm/overcommit_ratio 50
      vm/overcommit_kbytes 0
      vm/max_map_count 65530
      vm/mmap_min_addr 65536
      vm/swappiness 60
      vm/legacy_va_layout 0
      vm/nr_hugepages 0
      vm/min_free_kbytes 4096
      vm/page-cluster 3
      vm/panic_on_oom 0
      vm/oom_kill_allocating_task 0
      fs/file-max 9223372036854775807
      fs/file-nr 0\t0\t9223372036854775807
      fs/inode-nr 0\t0
      fs/inode-state 0\t0\t0\t0\t0\t0\t0
      fs/pipe-max-size 1048576
      fs/pipe-user-pages-soft 16384
      fs/pipe-user-pages-hard 0
      fs/aio-max-nr 65536
      fs/aio-nr 0
      fs/lease-break-time 45
      fs/leases-enable 1
      fs/overflowuid 65534
      fs/overflowgid 65534
      fs/protected_hardlinks 1
      fs/protected_symlinks 1
      fs/protected_fifos 0
      fs/protected_regular 0
      fs/suid_dumpable 0
      fs/mount-max 10000
      fs/inotify/max_queued_events 16384
      fs/inotify/max_user_instances 128
      fs/inotify/max_user_watches 65536
      fs/epoll/max_user_watches 1048576
      fs/mqueue/msg_default 10
      fs/mqueue/msg_max 10
      fs/mqueue/msgsize_default 8192
      fs/mqueue/msgsize_max 8192
      fs/mqueue/queues_max 256
      net/core/somaxconn 4096
      net/core/rmem_default 212992
      net/core/rmem_max 212992
      net/core/wmem_default 212992
      net/core/wmem_max 212992
      net/core/optmem_max 20480
      net/core/netdev_max_backlog 1000
      net/ipv4/ip_local_port_range 32768\t60999
      net/ipv4/ip_default_ttl 64
      net/ipv4/ip_forward 0
      net/ipv4/ip_nonlocal_bind 0
      net/ipv4/tcp_retries2 15
      net/ipv4/tcp_syn_retries 6
      net/ipv4/tcp_synack_retries 5
      net/ipv4/tcp_rmem 4096\t131072\t6291456
      net/ipv4/tcp_wmem 4096\t16384\t4194304
      net/ipv4/tcp_syncookies 1
      net/ipv4/tcp_keepalive_time 7200
      net/ipv4/tcp_fin_timeout 60
      net/ipv4/tcp_sack 1
      net/ipv4/tcp_timestamps 1
      net/ipv4/tcp_window_scaling 1
      net/ipv4/tcp_congestion_control reno
      net/ipv4/tcp_available_congestion_control reno
      net/unix/max_dgram_qlen 512
      """;

  private static final int MAX_NAME = 64;

  private SysctlFiles() {}

  static void addTo(ProcDirectory sys, ProcSystem system) {
    Tree tree = new Tree(sys);
    for (String line : CONSTANTS.lines().toList()) {
      int blank = line.indexOf(' ');
      String value = line.substring(blank + 1) + "\n";
      String path = line.substring(0, blank);
      tree.text(path, () -> ofNetwork(system, path, value));
    }
    HostStack network = system.kernel().network();
    if (network != null) {
      for (String name : new TreeSet<>(network.files().parameterNames())) {
        tree.text("net/" + name, () -> ofNetwork(system, "net/" + name, "\n"));
      }
    }
    UtsNames names = system.kernel().names();
    tree.text("fs/nr_open", () -> FdTable.MAXIMUM + "\n");
    tree.text("kernel/ostype", () -> UtsNames.SYSTEM + "\n");
    tree.text("kernel/osrelease", () -> UtsNames.RELEASE + "\n");
    tree.text("kernel/version", () -> UtsNames.VERSION + "\n");
    tree.text("kernel/random/uuid", () -> uuid() + "\n");
    String boot = uuid() + "\n";
    tree.text("kernel/random/boot_id", () -> boot);
    tree.setting("kernel/hostname", () -> names.host() + "\n", names::setHost);
    tree.setting("kernel/domainname", () -> names.domain() + "\n", names::setDomain);
  }

  /**
   * Sets a parameter for the whole sandbox, before anything runs in it.
   *
   * @param name with dots, or with slashes
   * @return null, or why it cannot be set: a sentence's end
   */
  public static @Nullable String set(UtsNames names, String name, String value)
      throws ErrnoException {
    String path = path(name);
    switch (path) {
      case "kernel/hostname" -> names.setHost(value);
      case "kernel/domainname" -> names.setDomain(value);
      default -> {
        for (String line : CONSTANTS.lines().toList()) {
          if (line.startsWith(path + " ")) {
            return unlike(line.substring(path.length() + 1), value);
          }
        }
        return "is no parameter of a sandbox; leave it out";
      }
    }
    return null;
  }

  private static @Nullable String unlike(String constant, String value) {
    String own = constant.replace('\t', ' ');
    return own.equals(value.strip().replaceAll("[ \t]+", " "))
        ? null
        : "is " + own + " in a sandbox and cannot be changed; leave it out";
  }

  /** As sysctl(8): when a slash comes first, dots are parts of names. */
  private static String path(String name) {
    int slash = name.indexOf('/');
    int dot = name.indexOf('.');
    return slash >= 0 && (dot < 0 || slash < dot) ? name : name.replace('.', '/');
  }

  /** A parameter of the network as the host has it, if it is one. */
  private static String ofNetwork(ProcSystem system, String path, String otherwise) {
    HostStack network = system.kernel().network();
    if (network == null || !path.startsWith("net/")) {
      return otherwise;
    }
    String value = network.files().parameter(path.substring("net/".length()));
    return value == null ? otherwise : value;
  }

  private static String uuid() {
    RandomGenerator random = HostRandom.generator();
    long high = (random.nextLong() & ~0xf000L) | 0x4000L; // version 4: random
    long low = (random.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }

  /** Takes a name that is set. */
  private interface NameSetter {
    void set(String name);
  }

  /** Makes directories along the paths that are added. */
  private record Tree(ProcDirectory top, java.util.Map<String, ProcDirectory> made) {
    Tree(ProcDirectory top) {
      this(top, new java.util.HashMap<>());
    }

    private ProcDirectory directory(String path) {
      int slash = path.lastIndexOf('/');
      if (slash < 0) {
        return top;
      }
      String above = path.substring(0, slash);
      ProcDirectory known = made.get(above);
      if (known == null) {
        known = directory(above).directory(last(above));
        made.put(above, known);
      }
      return known;
    }

    private static String last(String path) {
      return path.substring(path.lastIndexOf('/') + 1);
    }

    void text(String path, ProcText.Source source) {
      ProcSystem system = top.system();
      directory(path)
          .add(
              last(path),
              new ProcText(
                  system, system.nextNumber(), 0444, null, false, source, ProcText.SEALED));
    }

    void setting(String path, ProcText.Source source, NameSetter setter) {
      directory(path).setting(last(path), source, (text, writer) -> setName(text, writer, setter));
    }

    private static void setName(String text, Credentials writer, NameSetter setter)
        throws ErrnoException {
      if (!writer.has(Capability.SYS_ADMIN)) {
        throw ErrnoException.of(Errno.EPERM);
      }
      int newline = text.indexOf('\n');
      String name = newline < 0 ? text : text.substring(0, newline);
      setter.set(name.substring(0, Math.min(name.length(), MAX_NAME)));
    }
  }
}
