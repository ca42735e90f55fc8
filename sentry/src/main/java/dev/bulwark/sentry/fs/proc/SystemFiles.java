package dev.bulwark.sentry.fs.proc;

import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.kernel.UtsNames;
import java.util.BitSet;
import java.util.Locale;

/** The files about the system at the root of /proc. */
final class SystemFiles {
  private static final long TICK = 10_000_000L;
  private static final String FILE_SYSTEMS =
      """
      nodev\tsysfs
      nodev\ttmpfs
      nodev\tproc
      nodev\tcgroup
      nodev\tcgroup2
      nodev\tdevtmpfs
      nodev\tpipefs
      nodev\tsockfs
      nodev\tdevpts
      nodev\tmqueue
      nodev\toverlay
      """;
  private static final String CONTROLLERS =
      """
      #subsys_name\thierarchy\tnum_cgroups\tenabled
      cpuset\t0\t1\t1
      cpu\t0\t1\t1
      cpuacct\t0\t1\t1
      blkio\t0\t1\t1
      memory\t0\t1\t1
      pids\t0\t1\t1
      """;
  private static final String DEVICES =
      """
      Character devices:
        1 mem
        4 tty
        5 /dev/tty
        5 /dev/console
        5 /dev/ptmx
       10 misc
      128 ptm
      136 pts

      Block devices:
      """;
  private static final String TERMINALS =
      """
      /dev/tty             /dev/tty        5       0 system:/dev/tty
      /dev/console         /dev/console    5       1 system:console
      /dev/ptmx            /dev/ptmx       5       2 system
      pty_slave            /dev/pts      136 0-1048575 pty:slave
      pty_master           /dev/ptm      128 0-1048575 pty:master
      """;

  private static final String MISC = " 229 fuse\n 200 tun\n";

  /** Names of the feature bits in the EDX word of CPUID 1, as Linux spells them. */
  private static final String[] FEATURES = {
    "fpu", "vme", "de", "pse", "tsc", "msr", "pae", "mce", "cx8", "apic", "", "sep", "mtrr", "pge",
    "mca", "cmov", "pat", "pse36", "pn", "clflush", "", "dts", "acpi", "mmx", "fxsr", "sse", "sse2",
    "ss", "ht", "tm", "ia64", "pbe"
  };

  private final ProcSystem system;

  private SystemFiles(ProcSystem system) {
    this.system = system;
  }

  static void addTo(ProcDirectory root, ProcSystem system) {
    SystemFiles files = new SystemFiles(system);
    root.text("cmdline", () -> "BOOT_IMAGE=/bulwark quiet\n")
        .text("cpuinfo", files::processors)
        .text("devices", () -> DEVICES)
        .text("filesystems", () -> FILE_SYSTEMS)
        .text("interrupts", files::interrupts)
        .text("loadavg", files::load)
        .text("meminfo", files::memory)
        .text("misc", () -> MISC)
        .text("modules", () -> "")
        .text("partitions", () -> "major minor  #blocks  name\n\n")
        .text("diskstats", () -> "")
        .text("softirqs", files::softInterrupts)
        .text("stat", files::statistics)
        .text("swaps", () -> "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n")
        .text("uptime", files::uptime)
        .text(
            "version",
            () ->
                "Linux version "
                    + UtsNames.RELEASE
                    + " (bulwark@localhost) (OpenJDK) "
                    + UtsNames.VERSION
                    + "\n")
        .text("vmstat", files::pages)
        .text("zoneinfo", () -> "")
        .text("buddyinfo", () -> "")
        .text("cgroups", () -> CONTROLLERS)
        .add("mounts", link(system, "self/mounts"));
    root.directory("tty").text("drivers", () -> TERMINALS);
  }

  static ProcLink link(ProcSystem system, String text) {
    return new ProcLink(system, system.nextNumber(), 0777, null, () -> text);
  }

  private String processors() {
    long capabilities = system.view().cpuCapabilities();
    StringBuilder flags = new StringBuilder();
    for (int bit = 0; bit < FEATURES.length; bit++) {
      if ((capabilities >>> bit & 1) != 0 && !FEATURES[bit].isEmpty()) {
        flags.append(FEATURES[bit]).append(' ');
      }
    }
    BitSet processors = system.view().processorNumbers();
    int count = processors.cardinality();
    StringBuilder text = new StringBuilder();
    for (int cpu = processors.nextSetBit(0); cpu >= 0; cpu = processors.nextSetBit(cpu + 1)) {
      text.append("processor\t: ").append(cpu);
      text.append("\nvendor_id\t: Bulwark\ncpu family\t: 6\nmodel\t\t: 1\n");
      text.append("model name\t: Bulwark virtual CPU\nstepping\t: 0\n");
      text.append("cpu MHz\t\t: 1000.000\ncache size\t: 1024 KB\nphysical id\t: 0\n");
      text.append("siblings\t: ").append(count);
      text.append("\ncore id\t\t: ").append(cpu);
      text.append("\ncpu cores\t: ").append(count);
      text.append("\napicid\t\t: ").append(cpu);
      text.append("\ninitial apicid\t: ").append(cpu);
      text.append("\nfpu\t\t: yes\nfpu_exception\t: yes\ncpuid level\t: 13\nwp\t\t: yes\n");
      text.append("flags\t\t: ").append(flags).append("syscall nx lm constant_tsc\n");
      text.append("bogomips\t: 2000.00\nclflush size\t: 64\ncache_alignment\t: 64\n");
      text.append("address sizes\t: 48 bits physical, 48 bits virtual\npower management:\n\n");
    }
    return text.toString();
  }

  private String memory() {
    long total = system.view().memoryTotal();
    long free = Math.max(0, total - system.view().memoryUsed());
    StringBuilder text = new StringBuilder(1024);
    line(text, "MemTotal", total);
    line(text, "MemFree", free);
    line(text, "MemAvailable", free);
    for (String name :
        new String[] {
          "Buffers",
          "Cached",
          "SwapCached",
          "Active",
          "Inactive",
          "Active(anon)",
          "Inactive(anon)",
          "Active(file)",
          "Inactive(file)",
          "Unevictable",
          "Mlocked",
          "SwapTotal",
          "SwapFree",
          "Dirty",
          "Writeback"
        }) {
      line(text, name, 0);
    }
    line(text, "AnonPages", total - free);
    line(text, "Mapped", 0);
    line(text, "Shmem", 0);
    line(text, "KReclaimable", 0);
    line(text, "Slab", 0);
    line(text, "SReclaimable", 0);
    line(text, "SUnreclaim", 0);
    line(text, "KernelStack", 0);
    line(text, "PageTables", 0);
    line(text, "CommitLimit", total);
    line(text, "Committed_AS", total - free);
    line(text, "VmallocTotal", 1L << 45);
    line(text, "VmallocUsed", 0);
    text.append("HugePages_Total:       0\nHugePages_Free:        0\nHugePages_Rsvd:        0\n");
    text.append("HugePages_Surp:        0\n");
    line(text, "Hugepagesize", 2 << 20);
    return text.toString();
  }

  private static void line(StringBuilder text, String name, long bytes) {
    text.append(String.format(Locale.ROOT, "%-16s%8d kB\n", name + ":", bytes >> 10));
  }

  /** User time of all processes, those included that ended and were waited for. */
  private long userNanos() {
    long sum = 0;
    for (ThreadGroup process : system.kernel().processes().all()) {
      sum += process.cpu().userNanos() + process.cpu().childrenUserNanos();
    }
    return sum;
  }

  private long systemNanos() {
    long sum = 0;
    for (ThreadGroup process : system.kernel().processes().all()) {
      sum += process.systemNanos() + process.cpu().childrenSystemNanos();
    }
    return sum;
  }

  private String uptime() {
    long up = system.uptime();
    long idle = Math.max(0, up * system.view().processors() - userNanos() - systemNanos());
    return String.format(Locale.ROOT, "%.2f %.2f\n", up / 1e9, idle / 1e9);
  }

  private int running() {
    int running = 0;
    for (Task task : system.kernel().tasks().all()) {
      if (!task.sleeping()) {
        running++;
      }
    }
    return running;
  }

  private String load() {
    Kernel kernel = system.kernel();
    int last = 0;
    for (ThreadGroup process : kernel.processes().all()) {
      last = Math.max(last, process.pid());
    }
    return "0.00 0.00 0.00 " + running() + "/" + kernel.tasks().all().size() + " " + last + "\n";
  }

  private String statistics() {
    BitSet processors = system.view().processorNumbers();
    int count = processors.cardinality();
    long user = userNanos() / TICK;
    long kernel = systemNanos() / TICK;
    long idle = Math.max(0, system.uptime() * count / TICK - user - kernel);
    StringBuilder text = new StringBuilder();
    text.append("cpu  ").append(times(user, kernel, idle));
    for (int cpu = processors.nextSetBit(0); cpu >= 0; cpu = processors.nextSetBit(cpu + 1)) {
      text.append("cpu").append(cpu).append(' ');
      text.append(times(user / count, kernel / count, idle / count));
    }
    text.append("intr 0\nctxt 0\nbtime ").append(system.bootTime() / 1_000_000_000L);
    text.append("\nprocesses ").append(system.kernel().processes().all().size());
    text.append("\nprocs_running ").append(Math.max(1, running()));
    text.append("\nprocs_blocked 0\nsoftirq 0 0 0 0 0 0 0 0 0 0 0\n");
    return text.toString();
  }

  private static String times(long user, long kernel, long idle) {
    return user + " 0 " + kernel + " " + idle + " 0 0 0 0 0 0\n";
  }

  private String columns() {
    StringBuilder text = new StringBuilder("          ");
    BitSet processors = system.view().processorNumbers();
    for (int cpu = processors.nextSetBit(0); cpu >= 0; cpu = processors.nextSetBit(cpu + 1)) {
      text.append(String.format(Locale.ROOT, " %-10s", "CPU" + cpu));
    }
    return text.append('\n').toString();
  }

  private String interrupts() {
    return columns();
  }

  private String softInterrupts() {
    return columns();
  }

  private String pages() {
    long total = system.view().memoryTotal() >> 12;
    long used = system.view().memoryUsed() >> 12;
    return "nr_free_pages "
        + Math.max(0, total - used)
        + "\nnr_anon_pages "
        + used
        + "\nnr_file_pages 0\nnr_dirty 0\nnr_writeback 0\npgpgin 0\npgpgout 0\npswpin 0\npswpout 0"
        + "\npgfault 0\npgmajfault 0\noom_kill 0\n";
  }
}
