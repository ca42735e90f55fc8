package dev.bulwark.sentry.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulwark.linux.HostMemory;
import dev.bulwark.platform.Platform;
import dev.bulwark.platform.systrap.SystrapPlatform;
import dev.bulwark.sentry.fs.dev.DevTree;
import dev.bulwark.sentry.fs.proc.MachineView;
import dev.bulwark.sentry.fs.proc.ProcSystem;
import dev.bulwark.sentry.fs.sys.SysSystem;
import dev.bulwark.sentry.kernel.WaitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs of the host that live on /proc, run against the Sentry's. */
@Timeout(60)
final class ProcProgramsTest {
  private static Platform platform;

  @BeforeAll
  static void start() throws IOException {
    platform = new SystrapPlatform(1, () -> {});
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  /** Runs a program of the host in a sandbox with /proc, /sys and /dev, and gives what it says. */
  private static String run(String... command) throws Exception {
    assumeTrue(Files.isExecutable(Path.of(command[0])), command[0] + " is not installed");
    SmallSandbox sandbox = new SmallSandbox(platform);
    sandbox.installWithLibraries(command[0]);
    DevTree.register(sandbox.kernel().specialFiles());
    sandbox.mount("/proc", new ProcSystem(sandbox.kernel()));
    sandbox.mount("/sys", new SysSystem(new MachineView(sandbox.kernel())));
    sandbox.mount("/dev", DevTree.build());
    WaitStatus status = sandbox.run(command);
    assertEquals(new WaitStatus.Exited(0), status, sandbox.output());
    return sandbox.output();
  }

  private static List<String> words(String text, int line) {
    return List.of(text.lines().toList().get(line).strip().split("\\s+", -1));
  }

  @Test
  void psListsItself() throws Exception {
    String text = run("/bin/ps", "-e", "-o", "pid,ppid,pgid,sid,stat,nlwp,comm,args");
    assertEquals(
        List.of("PID", "PPID", "PGID", "SID", "STAT", "NLWP", "COMMAND", "COMMAND"),
        words(text, 0));
    List<String> row = words(text, 1);
    assertEquals(List.of("1", "0", "1", "1"), row.subList(0, 4));
    assertTrue(row.get(4).startsWith("R"), text);
    assertEquals(List.of("1", "ps", "/bin/ps", "-e"), row.subList(5, 9));
    assertEquals(2, text.lines().count());
  }

  @Test
  void busyboxListsItself() throws Exception {
    assertTrue(run("/bin/busybox", "ps").contains(" 1 0 "));
  }

  @Test
  void mountsAreListed() throws Exception {
    String text = run("/usr/bin/mount");
    assertTrue(text.contains("proc on /proc type proc (rw,relatime)\n"), text);
    assertTrue(text.contains("sysfs on /sys type sysfs (rw,relatime)\n"), text);
  }

  @Test
  void memoryIsThatOfTheMachine() throws Exception {
    List<String> row = words(run("/usr/bin/free", "-k"), 1);
    assertEquals("Mem:", row.getFirst());
    assertEquals(HostMemory.total() >> 10, Long.parseLong(row.get(1)));
  }

  @Test
  void processorsAreCounted() throws Exception {
    String count = Integer.toString(Runtime.getRuntime().availableProcessors());
    assertEquals(count + "\n", run("/usr/bin/nproc"));
    assertTrue(run("/usr/bin/lscpu").contains("Vendor ID:"));
  }

  @Test
  void shellReadsItsOwnFiles() throws Exception {
    String script =
        "read -r a < /proc/self/comm; echo $a; cd /proc/self/fd; echo *; echo x > ../comm;"
            + " read -r a < ../comm; echo $a; while read -r k v; do"
            + " [ $k != Pid: ] || echo $k$v; done < /proc/$$/status";
    assertEquals("bash\n0 1 2 3\nx\nPid:1\n", run("/bin/bash", "-c", script));
  }

  @Test
  void lsofFindsTheProgramAndItsLibraries() throws Exception {
    String text = run("/usr/bin/lsof", "-n", "-p", "1");
    assertTrue(text.matches("(?s).*lsof +1 +0 +txt +REG .*/usr/bin/lsof\n.*"), text);
    assertTrue(text.matches("(?s).*lsof +1 +0 +cwd +DIR .*/\n.*"), text);
    assertTrue(text.matches("(?s).*lsof +1 +0 +mem +REG .*/libc\\.so\\.6\n.*"), text);
  }
}
