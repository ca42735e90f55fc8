package dev.bulwark.sentry.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulwark.control.ResourceLimits;
import dev.bulwark.platform.Platform;
import dev.bulwark.platform.systrap.SystrapPlatform;
import dev.bulwark.sentry.fs.cgroup.CgroupSystem;
import dev.bulwark.sentry.fs.dev.DevTree;
import dev.bulwark.sentry.fs.proc.MachineView;
import dev.bulwark.sentry.fs.proc.ProcSystem;
import dev.bulwark.sentry.fs.sys.SysSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs of the host that ask what they may use, run with limits. */
@Timeout(60)
final class LimitsProgramsTest {
  private static final String SHELL = "/bin/bash";

  private static Platform platform;

  @BeforeAll
  static void start() throws IOException {
    platform = new SystrapPlatform(1, () -> {});
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  private static String run(ResourceLimits limits, String... command) throws Exception {
    assumeTrue(Files.isExecutable(Path.of(command[0])), command[0] + " is not installed");
    SmallSandbox sandbox = new SmallSandbox(platform);
    sandbox.installWithLibraries(command[0]);
    sandbox.kernel().resources().set(limits);
    sandbox.mount("/proc", new ProcSystem(sandbox.kernel()));
    sandbox.mount("/sys", new SysSystem(new MachineView(sandbox.kernel())));
    sandbox.mount("/cgroup", new CgroupSystem(sandbox.kernel()));
    sandbox.mount("/dev", DevTree.build());
    sandbox.run(command);
    return sandbox.output();
  }

  private static ResourceLimits processors(long quota, String cpuset) {
    return new ResourceLimits(0, 0, quota, 50_000, 0, cpuset, 0);
  }

  @Test
  void quotaBoundsTheProcessors() throws Exception {
    assertEquals("1\n", run(processors(50_000, ""), "/usr/bin/nproc"));
    assertEquals("3\n", run(processors(101_000, "0-7"), "/usr/bin/nproc"));
    assertEquals("1\n", run(processors(1_000, "0-7"), "/usr/bin/nproc"));
  }

  @Test
  void listOfProcessorsIsWhatProgramsSee() throws Exception {
    assertEquals("2\n", run(processors(0, "1,3"), "/usr/bin/nproc"));
    String script =
        """
        while read -r key value; do [ "$key" = Cpus_allowed_list: ] && echo "$value"; done \
        < /proc/self/status
        read -r line < /sys/devices/system/cpu/online; echo "$line"
        read -r line < /cgroup/cpuset.cpus; echo "$line"
        read -r line < /cgroup/cpuset.cpus.effective; echo "$line"
        echo /sys/devices/system/cpu/cpu[0-9]*
        while read -r line; do case $line in processor*|cpu[0-9]*) echo "$line";; esac; done \
        < /proc/cpuinfo
        """;
    assertEquals(
        """
        1,3
        1,3
        1,3
        1,3
        /sys/devices/system/cpu/cpu1 /sys/devices/system/cpu/cpu3
        processor\t: 1
        processor\t: 3
        """,
        run(processors(0, "1,3"), SHELL, "-c", script));
  }

  @Test
  void memoryLimitIsTold() throws Exception {
    String script =
        """
        read -r line < /proc/meminfo; echo "$line"
        for name in max swap.max; do read -r line < /cgroup/memory.$name; echo "$line"; done
        read -r line < /cgroup/memory.current; [ "$line" -gt 4096 ] && echo used
        """;
    ResourceLimits limits = new ResourceLimits(256L << 20, 384L << 20, 0, 0, 0, "", 0);
    assertEquals(
        "MemTotal:         262144 kB\n268435456\n134217728\nused\n",
        run(limits, SHELL, "-c", script));
  }

  @Test
  void shareAndQuotaAreTold() throws Exception {
    String script =
        """
        for name in cpu.weight cpu.max pids.max cgroup.controllers cgroup.type; do
          read -r line < /cgroup/$name; echo "$line"
        done
        read -r line < /proc/self/cgroup; echo "$line"
        """;
    ResourceLimits limits = new ResourceLimits(0, 0, 150_000, 0, 1024, "", 50);
    assertEquals(
        "39\n150000 100000\n50\ncpuset cpu io memory pids\ndomain\n0::/\n",
        run(limits, SHELL, "-c", script));
    assertTrue(
        run(ResourceLimits.NONE, SHELL, "-c", script).startsWith("100\nmax 100000\nmax\ncpuset"));
  }

  @Test
  void tasksBeyondTheLimitAreRefused() throws Exception {
    String script =
        """
        for i in 1 2 3 4 5; do (exit 0); done; echo enough for one at a time
        read -r line < /cgroup/pids.current; echo "$line"
        (read -r line < /cgroup/pids.current; echo "$line"; (echo never))
        echo "$?"
        read -r line < /cgroup/pids.peak; echo "$line"
        read -r key line < /cgroup/pids.events; [ "$line" -gt 0 ] && echo refused
        """;
    ResourceLimits limits = new ResourceLimits(0, 0, 0, 0, 0, "", 2);
    String text =
        run(limits, SHELL, "-c", "fork_retries=0; exec 2>/dev/null; " + script + "\nexit 0");
    assertEquals("enough for one at a time\n1\n2\n254\n2\nrefused\n", text);
  }
}
