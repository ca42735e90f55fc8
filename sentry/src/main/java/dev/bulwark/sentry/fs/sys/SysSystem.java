package dev.bulwark.sentry.fs.sys;

import dev.bulwark.sentry.fs.proc.ProcessorText;
import dev.bulwark.sentry.fs.proc.SystemView;
import dev.bulwark.sentry.fs.synthetic.FixedDirectory;
import dev.bulwark.sentry.fs.synthetic.SyntheticFile;
import dev.bulwark.sentry.fs.synthetic.SyntheticFileSystem;
import dev.bulwark.sentry.kernel.ProcessorList;
import dev.bulwark.sentry.vfs.Inode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The file system of devices, for mount(2) with the type {@code sysfs}. */
public final class SysSystem extends SyntheticFileSystem {
  private static final long MAGIC = 0x62656572;

  /** Directories that are there for being looked into, or mounted upon. */
  private static final String[] EMPTY = {
    "block",
    "bus",
    "class/block",
    "class/net",
    "class/power_supply",
    "class/thermal",
    "class/tty",
    "dev/block",
    "dev/char",
    "devices/virtual/net",
    "firmware",
    "fs/cgroup",
    "fs/fuse/connections",
    "kernel/debug",
    "kernel/security",
    "kernel/tracing",
    "module",
    "power"
  };

  private final FixedDirectory root = new FixedDirectory(this);
  private final Map<String, FixedDirectory> directories = new HashMap<>();

  /** A file system about a machine. */
  @SuppressWarnings("this-escape") // the inodes only keep the reference
  public SysSystem(SystemView view) {
    super("sysfs", MAGIC);
    for (String path : EMPTY) {
      directory(path);
    }
    processors(view);
    memory(view);
    hugePages();
  }

  private FixedDirectory directory(String path) {
    if (path.isEmpty()) {
      return root;
    }
    FixedDirectory known = directories.get(path);
    if (known == null) {
      known = new FixedDirectory(this);
      int slash = path.lastIndexOf('/');
      directory(slash < 0 ? "" : path.substring(0, slash)).put(path.substring(slash + 1), known);
      directories.put(path, known);
    }
    return known;
  }

  private void file(String path, SyntheticFile.Text text) {
    int slash = path.lastIndexOf('/');
    directory(path.substring(0, slash))
        .put(path.substring(slash + 1), SyntheticFile.of(this, text));
  }

  private void constant(String path, String line) {
    file(path, _ -> line + "\n");
  }

  private void processors(SystemView view) {
    String base = "devices/system/cpu";
    FixedDirectory cpu = new ProcessorDirectory(this, view);
    directory("devices/system").put("cpu", cpu);
    directories.put(base, cpu);
    SyntheticFile.Text all = _ -> ProcessorList.format(view.processorNumbers()) + "\n";
    for (String name : new String[] {"online", "possible", "present"}) {
      file(base + "/" + name, all);
    }
    constant(base + "/offline", "");
    constant(base + "/isolated", "");
    constant(base + "/kernel_max", "8191");
    String node = "devices/system/node/";
    for (String name : new String[] {"online", "possible", "has_cpu", "has_memory"}) {
      constant(node + name, "0");
    }
    file(node + "node0/cpulist", all);
    file(node + "node0/cpumap", _ -> ProcessorText.mask(view.processorNumbers()) + "\n");
    constant(node + "node0/distance", "10");
  }

  private void memory(SystemView view) {
    file(
        "devices/system/node/node0/meminfo",
        _ -> {
          long total = view.memoryTotal() >> 10;
          long used = Math.min(total, view.memoryUsed() >> 10);
          return line("MemTotal", total) + line("MemFree", total - used) + line("MemUsed", used);
        });
  }

  private static String line(String name, long kilobytes) {
    return String.format(Locale.ROOT, "Node 0 %-15s%9d kB\n", name + ":", kilobytes);
  }

  private void hugePages() {
    String base = "kernel/mm/transparent_hugepage/";
    constant(base + "enabled", "always madvise [never]");
    constant(base + "defrag", "always defer defer+madvise madvise [never]");
    constant(base + "shmem_enabled", "always within_size advise [never] deny force");
    constant(base + "use_zero_page", "1");
    constant(base + "hpage_pmd_size", "2097152");
    String pool = "kernel/mm/hugepages/hugepages-2048kB/";
    for (String name : new String[] {"nr_hugepages", "free_hugepages", "resv_hugepages"}) {
      constant(pool + name, "0");
    }
  }

  @Override
  protected Inode root() {
    return root;
  }
}
