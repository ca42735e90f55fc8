package dev.bulwark.tests.engine;

import static dev.bulwark.tests.engine.Images.BUSYBOX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulwark.tests.Result;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Limits: enforced, told to the engine, and visible inside. */
class LimitsTest extends DockerTest {

  private static Result shell(String script, String... options) {
    List<String> all =
        Stream.of(
                Stream.of("run", "--rm"),
                Stream.of(options),
                Stream.of(BUSYBOX, "sh", "-c", script))
            .flatMap(words -> words)
            .toList();
    return docker().run(all.toArray(String[]::new));
  }

  /** Takes all memory it can get: tail keeps the last line, which has no end. */
  private static final String HOG = "tail -n 1 /dev/zero";

  @Test
  void whoTakesTooMuchMemoryIsReportedAsOomKilled() {
    Container container =
        Container.start(
            "--memory", "100m", "--memory-swap", "100m", BUSYBOX, "sh", "-c", "exec " + HOG);
    assertEquals(137, container.await());
    assertEquals("true", container.inspect(".State.OOMKilled"));
    container.remove();
  }

  @Test
  void memoryLimitSparesWhoStaysBelowIt() {
    assertEquals(
        "50000000\n",
        shell(
                "head -c 50000000 /dev/zero >/tmp/f; cat /tmp/f | wc -c",
                "--memory",
                "200m",
                "--tmpfs",
                "/tmp")
            .expect(0)
            .out());
  }

  @Test
  void numberOfProcessesIsLimited() {
    Result result =
        shell(
            "i=0; while [ $i -lt 30 ]; do sleep 100 & i=$((i+1)); done; echo all",
            "--pids-limit",
            "20");
    assertTrue(result.err().contains("can't fork"), result.toString());
  }

  @Test
  void limitsOfResourcesAreThoseGiven() {
    assertEquals(
        "77\n99\n1000\n",
        shell(
                "ulimit -n; ulimit -Hn; ulimit -c",
                "--ulimit",
                "nofile=77:99",
                "--ulimit",
                "core=512000:512000")
            .expect(0)
            .out());
  }

  @Test
  void kernelParametersAreThoseGiven() {
    assertEquals(
        "77\n1\n",
        shell(
                "cat /proc/sys/net/core/somaxconn; cat /proc/sys/net/ipv4/ip_forward",
                "--sysctl",
                "net.core.somaxconn=77",
                "--sysctl",
                "net.ipv4.ip_forward=1")
            .expect(0)
            .out());
  }

  @Test
  void limitsAreVisibleInside() {
    assumeTrue(RuntimeBinary.isBulwark(), "runc shows the host's");
    String shown =
        shell(
                "nproc; grep MemTotal /proc/meminfo; grep -c ^processor /proc/cpuinfo; grep -c '^cpu[0-9]' /proc/stat",
                "--memory",
                "256m",
                "--cpus",
                "1")
            .expect(0)
            .out();
    assertEquals("1\nMemTotal:         262144 kB\n1\n1\n", shown);
  }

  @Test
  void cgroupFilesShowTheLimits() {
    String shown =
        shell(
                "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null;"
                    + " cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null",
                "--memory",
                "256m",
                "--pids-limit",
                "123")
            .out();
    assertEquals("268435456\n123\n", shown);
  }

  @Test
  void statisticsAreTrue() {
    Container container =
        Container.start(
            "--memory",
            "256m",
            "--tmpfs",
            "/big",
            BUSYBOX,
            "sh",
            "-c",
            "head -c 60000000 /dev/zero >/big/f; echo up; while true; do :; done");
    container.awaitOutput("up");
    String shown =
        Poll.until(
            () ->
                docker()
                    .output(
                        "stats",
                        "--no-stream",
                        "--format",
                        "{{.CPUPerc}} {{.MemUsage}} {{.PIDs}}",
                        container.id()),
            line -> Double.parseDouble(line.substring(0, line.indexOf('%'))) > 20);
    String[] words = shown.split(" ", -1);
    assertTrue(
        words[1].endsWith("MiB") && Double.parseDouble(words[1].replace("MiB", "")) > 57, shown);
    // a sandbox has its own memory beside the application's, in the same cgroup
    assertTrue(RuntimeBinary.isBulwark() || words[3].equals("256MiB"), shown);
    assertTrue(Integer.parseInt(words[4]) >= 1, shown);
    container.remove();
  }

  @Test
  void limitsAreChangedWhileItRuns() {
    Container container = Container.idle("--memory", "512m", "--memory-swap", "512m");
    container.does("update", "--memory", "100m", "--memory-swap", "100m");
    container.exec("sh", "-c", HOG).expect(137);
    assertEquals("running", container.status());
    container.does("update", "--restart", "no", "--pids-limit", "15");
    Result result =
        container.exec("sh", "-c", "i=0; while [ $i -lt 30 ]; do sleep 100 & i=$((i+1)); done");
    assertTrue(result.err().contains("can't fork"), result.toString());
    container.remove();
  }
}
