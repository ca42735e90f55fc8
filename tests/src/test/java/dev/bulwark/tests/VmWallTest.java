package dev.bulwark.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Commands in virtual machines. A boot takes seconds where machines are emulated, so each machine
 * is looked at for much, and two run at once.
 */
class VmWallTest {
  /**
   * The first start builds the guest image; all of them are emulated on a machine that is shared.
   */
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private static final Duration END = Duration.ofSeconds(2);
  private static final Path IMAGES = Sandbox.HOME.resolve("dist/guest/images");

  private static Sandbox machine(String... command) {
    return Debian.of(command).with("--wall", "vm", "--accel", "tcg").limit(LIMIT);
  }

  private static void assertLine(String line, Result result) {
    assertTrue(List.of(result.out().split("\n", -1)).contains(line), "'" + line + "' in " + result);
  }

  @Test
  void commandFindsACompleteLinuxOverTheRootFileSystem() throws Exception {
    String script =
        """
        read line; echo "input $line"
        echo "bytes $(wc -c)"
        echo "kernel $(uname -r)"
        echo "name $(uname -n)"
        echo "variable $A in $(pwd)"
        echo "first $(cat /proc/1/comm)"
        echo "capabilities $(sed -n 's/CapEff:\t//p' /proc/self/status)"
        echo "limit $(cat /sys/fs/cgroup/memory.max)"
        echo "user $(python3 -c 'import os; os.setgid(65534); os.setuid(65534); print(os.open("/etc/shadow", 0))' 2>&1 | tail -n 1 | cut -d: -f1)"
        mkfifo /tmp/pipe && mknod /tmp/null c 1 3 && echo x >/tmp/null && echo "special files"
        python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("/root/socket"); print("socket")'
        echo changed >/etc/hostname && chown 1000:1000 /etc/hostname && chmod 640 /etc/hostname && stat -c 'file %u %a' /etc/hostname
        mv /etc/skel /etc/moved && ls -d /etc/moved
        grep -q '^overlay ' /proc/modules && echo "modules"
        echo "network $(ls /sys/class/net)"
        seq 1 300000 | sha256sum
        echo error >&2
        exit 7
        """;
    String root = Sandbox.HOME.resolve("dist/rootfs").toString();
    Result result =
        machine("/bin/bash", "-c", script)
            .with("--hostname", "guest", "--env", "A=b", "--cwd", "/srv", "--memory", "300m")
            .input("hello\n" + "x".repeat(400_000))
            .run()
            .expect(7);
    assertLine("input hello", result);
    assertLine("bytes 400000", result);
    assertLine("kernel " + kernel(), result);
    assertLine("name guest", result);
    assertLine("variable b in /srv", result);
    assertLine("first bash", result);
    assertLine("capabilities 00000000a80425fb", result);
    assertLine("limit " + (300L << 20), result);
    assertLine("user PermissionError", result);
    assertLine("special files", result);
    assertLine("socket", result);
    assertLine("file 1000 640", result);
    assertLine("/etc/moved", result);
    assertLine("modules", result);
    assertLine("network lo", result);
    String sum =
        Execution.start(List.of("sh", "-c", "seq 1 300000 | sha256sum"), Map.of(), "")
            .await(LIMIT)
            .out()
            .strip();
    assertLine(sum, result);
    assertEquals("error\n", result.err());
    assertFalse(Files.readString(Path.of(root, "etc/hostname")).contains("changed"));
    assertTrue(Files.isDirectory(Path.of(root, "etc/skel")));
  }

  /** The kernel of the guest image, which is not the host's. */
  private static String kernel() throws Exception {
    Path current = Sandbox.HOME.resolve("dist/guest/current");
    Path manifest = IMAGES.resolve(Files.readString(current).strip()).resolve("manifest");
    return Files.readAllLines(manifest).stream()
        .filter(line -> line.startsWith("kernel "))
        .map(line -> line.substring("kernel ".length()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void writesGoThroughWithTheirOwnersWhenAsked() throws Exception {
    Path root = Files.createTempDirectory(Sandbox.HOME.resolve("dist"), "vm-root");
    try {
      for (String name : List.of("bin", "proc", "sys", "dev", "tmp", "etc")) {
        Files.createDirectory(root.resolve(name));
      }
      Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
      Files.createSymbolicLink(root.resolve("bin/sh"), Path.of("busybox"));
      String script =
          "busybox mkdir /made && echo text >/made/file && busybox chown 1234:5678 /made/file"
              + " && busybox chmod 4750 /made/file && busybox stat -c '%u %g %a' /made/file";
      Result result =
          Sandbox.of("/bin/sh", "-c", script)
              .with("--root", root.toString(), "--rw", "--wall", "vm", "--accel", "tcg")
              .limit(LIMIT)
              .run()
              .expect(0);
      assertEquals("1234 5678 4750\n", result.out());
      Path file = root.resolve("made/file");
      assertEquals("text\n", Files.readString(file));
      assertEquals(1234, Files.getAttribute(file, "unix:uid"));
      assertEquals(5678, Files.getAttribute(file, "unix:gid"));
      assertEquals(04750, (int) Files.getAttribute(file, "unix:mode") & 07777);
      assertEquals(0, Files.getAttribute(root.resolve("made"), "unix:uid"));
    } finally {
      try (Stream<Path> all = Files.walk(root)) {
        for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  @Test
  void terminalIsTheHostsWithItsSizeAndAMissingCommandIsTold() {
    String command = Sandbox.HOME + "/bulwark do --wall=vm --accel=tcg --root dist/rootfs -- ";
    Execution absent = machine("/no/such/command").start();
    Result shown =
        Execution.start(
                List.of(
                    "script",
                    "-qec",
                    "stty rows 33 cols 99; "
                        + command
                        + "sh -c 'until [ \"$(stty size)\" = \"33 99\" ]; do :; done; tty; exit 4'",
                    "/dev/null"),
                Map.of(),
                "")
            .await(LIMIT)
            .expect(4);
    assertTrue(shown.out().contains("/dev/pts/0"), shown.toString());
    Result missing = absent.await(LIMIT).expect(127);
    assertTrue(missing.err().contains("/no/such/command"), missing.toString());
  }

  @Test
  void signalsReachTheCommandAndItsOutputEndsWithItsReader() {
    Execution piped =
        Execution.start(
            List.of(
                "/bin/bash",
                "-c",
                "./bulwark do --wall=vm --accel=tcg --root dist/rootfs -- yes | head -n 2"),
            Map.of(),
            "");
    String script =
        "trap 'echo terminated; yes | head -n 1; exit 3' TERM; echo ready; while :; do sleep 1;"
            + " done";
    Execution execution = machine("/bin/bash", "-c", script).start();
    execution.awaitOutput("ready", LIMIT);
    execution.process().toHandle().destroy();
    Result result = execution.await(LIMIT).expect(3);
    assertEquals("ready\nterminated\ny\n", result.out());
    assertEquals("y\ny\n", piped.await(LIMIT).out());
  }

  @Test
  void deathOfQemuOrTheMonitorEndsThatSandboxWithTheReasonAndNoOther() {
    Execution first = waiting();
    Execution second = waiting();
    first.awaitOutput("ready", LIMIT);
    second.awaitOutput("ready", LIMIT);
    Result result = killed(first, "-nodefaults");
    assertTrue(result.err().contains("the virtual machine has ended"), result.toString());
    assertTrue(second.process().isAlive());
    result = killed(second, "dev.bulwark.microvm.monitor.Main");
    assertTrue(result.err().contains("monitor was killed by signal 9"), result.toString());
  }

  private static Execution waiting() {
    return machine("/bin/sh", "-c", "echo ready; exec sleep 100000").start();
  }

  /** Kills a process of a sandbox, which must end the sandbox soon, with all its processes. */
  private static Result killed(Execution execution, String word) {
    List<ProcessHandle> all = execution.process().descendants().toList();
    ProcessHandle victim =
        all.reversed().stream()
            .filter(process -> process.info().commandLine().orElse("").contains(word))
            .findFirst()
            .orElseThrow();
    victim.destroyForcibly();
    Result result = execution.await(END).expect(125);
    for (ProcessHandle process : all) {
      assertFalse(process.isAlive(), process + " is still there");
    }
    return result;
  }

  @Test
  void whatAMachineCannotDoIsRefusedByName() {
    Result network = machine("/bin/true").with("--network", "host").run().expect(125);
    assertTrue(network.err().contains("--network host"), network.toString());
    Result trace = machine("/bin/true").with("--strace").run().expect(125);
    assertTrue(trace.err().contains("docs/limitations.md"), trace.toString());
    Sandbox.of("/bin/true").with("--wall", "paper").run().expect(2);
    Sandbox.of("/bin/true").with("--wall", "vm", "--accel", "magic").run().expect(2);
  }
}
