package dev.bulwark.sentry.fs.cgroup;

import dev.bulwark.control.ResourceLimits;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.mm.MemoryAccount;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The files of the memory controller. What the applications hold counts; the page cache of their
 * files is the host's, and so is swap.
 */
final class MemoryFiles {
  private static final int PAGE_MASK = 4095;

  /** What is never there, in the order of Linux. */
  private static final String[] ABSENT = {
    "file", "kernel", "kernel_stack", "pagetables", "sec_pagetables", "percpu", "sock", "vmalloc"
  };

  private final Kernel kernel;

  MemoryFiles(Kernel kernel) {
    this.kernel = kernel;
  }

  void addTo(CgroupSystem group) {
    group.shows("memory.current", _ -> kernel.account().used() + "\n");
    group.shows("memory.peak", _ -> peak() + "\n");
    group.shows("memory.events", _ -> events());
    group.shows("memory.events.local", _ -> events());
    group.shows("memory.stat", _ -> statistics());
    group.sets("memory.max", _ -> limit());
    group.sets("memory.high", _ -> "max\n");
    group.sets("memory.low", _ -> "0\n");
    group.sets("memory.min", _ -> "0\n");
    group.sets("memory.oom.group", _ -> "0\n");
    group.shows("memory.swap.current", _ -> "0\n");
    group.shows("memory.swap.peak", _ -> "0\n");
    group.shows("memory.swap.events", _ -> "high 0\nmax 0\nfail 0\n");
    group.sets("memory.swap.high", _ -> "max\n");
    group.sets("memory.swap.max", _ -> swapLimit());
  }

  private long peak() {
    kernel.account().used();
    return kernel.account().peak();
  }

  private String limit() {
    long limit = kernel.account().limit();
    return limit == MemoryAccount.UNLIMITED ? "max\n" : (limit & ~PAGE_MASK) + "\n";
  }

  /** The configuration counts memory and swap together, cgroup v2 swap alone. */
  private String swapLimit() {
    ResourceLimits limits = kernel.resources().limits();
    return limits.swap() == 0 ? "max\n" : Math.max(0, limits.swap() - limits.memory()) + "\n";
  }

  private String events() {
    long exceeded = kernel.resources().memoryExceeded();
    return "low 0\nhigh 0\nmax "
        + exceeded
        + "\noom "
        + exceeded
        + "\noom_kill "
        + kernel.resources().killed()
        + "\noom_group_kill 0\n";
  }

  private String statistics() {
    long used = kernel.account().used();
    return Stream.concat(Stream.of("anon " + used), Stream.of(ABSENT).map(name -> name + " 0"))
        .map(line -> line + "\n")
        .collect(
            Collectors.joining(
                "",
                "",
                "inactive_anon "
                    + used
                    + "\nactive_anon 0\ninactive_file 0\n"
                    + "active_file 0\nunevictable 0\n"));
  }
}
