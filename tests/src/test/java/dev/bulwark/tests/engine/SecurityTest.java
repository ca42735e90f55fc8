package dev.bulwark.tests.engine;

import static dev.bulwark.tests.engine.Images.BUSYBOX;
import static dev.bulwark.tests.engine.Images.DEBIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tests.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Capabilities, users, seccomp profiles, no_new_privs, masked and read-only paths. */
class SecurityTest extends DockerTest {

  @BeforeAll
  static void makeImage() {
    Images.makeDebian(docker());
  }

  private static Result run(String image, String script, String... options) {
    List<String> all =
        Stream.of(
                Stream.of("run", "--rm"), Stream.of(options), Stream.of(image, "sh", "-c", script))
            .flatMap(words -> words)
            .toList();
    return docker().run(all.toArray(String[]::new));
  }

  private static String shell(String script, String... options) {
    return run(BUSYBOX, script, options).expect(0).out();
  }

  private static final String CAPABILITIES =
      "grep -E '^Cap(Prm|Eff|Bnd)' /proc/self/status | cut -f2";

  @Test
  void capabilitiesAreDockersOwn() {
    assertEquals("00000000a80425fb\n".repeat(3), shell(CAPABILITIES));
  }

  @Test
  void capabilitiesAreAddedAndDropped() {
    assertEquals("0000000000000000\n".repeat(3), shell(CAPABILITIES, "--cap-drop", "ALL"));
    assertEquals(
        "0000000000201000\n".repeat(3),
        shell(
            CAPABILITIES, "--cap-drop", "ALL", "--cap-add", "NET_ADMIN", "--cap-add", "SYS_ADMIN"));
  }

  @Test
  void droppedCapabilityIsMissed() {
    assertEquals("ok\n", shell("chown 5:5 /tmp && echo ok"));
    Result result = run(BUSYBOX, "chown 5:5 /tmp", "--cap-drop", "CHOWN").expect(1);
    assertTrue(result.err().contains("Operation not permitted"), result.toString());
    Result host = run(BUSYBOX, "hostname other").expect(1);
    assertTrue(host.err().contains("Operation not permitted"), host.toString());
    assertEquals("other\n", shell("hostname other; hostname", "--cap-add", "SYS_ADMIN"));
  }

  @Test
  void userHasNoCapabilitiesAndOnlyItsFiles() {
    Result result =
        run(
                BUSYBOX,
                CAPABILITIES
                    + "; touch /file; touch /tmp/mine && stat -c %u:%g /tmp/mine; chmod 600 /etc/passwd",
                "--user",
                "1000:1000")
            .expect(1);
    assertEquals("0000000000000000\n0000000000000000\n00000000a80425fb\n1000:1000\n", result.out());
    assertTrue(result.err().contains("/file: Permission denied"), result.toString());
    assertTrue(result.err().contains("/etc/passwd: Operation not permitted"), result.toString());
  }

  private static final String SUID =
      "cp /usr/bin/id /usr/bin/suid-id; chmod 4755 /usr/bin/suid-id; setpriv --reuid 1000 --regid 1000 --clear-groups suid-id -u";

  @Test
  void suidBitIsHonouredUnlessNoNewPrivileges() {
    assertEquals("0\n", run(DEBIAN, SUID).expect(0).out());
    assertEquals(
        "1000\n", run(DEBIAN, SUID, "--security-opt", "no-new-privileges").expect(0).out());
    assertEquals(
        "NoNewPrivs:\t1\n",
        shell("grep NoNewPrivs /proc/self/status", "--security-opt", "no-new-privileges"));
  }

  @Test
  void seccompProfileIsEnforcedOnTheApplication() throws IOException {
    Path profile = Files.createTempFile(docker().enclosure().directory(), "seccomp", ".json");
    Files.writeString(
        profile,
        """
        {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [
          {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28},
          {"names": ["symlink", "symlinkat"], "action": "SCMP_ACT_KILL_PROCESS"},
          {"names": ["kill"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 1, "value": 10, "op": "SCMP_CMP_EQ"}]}
        ]}
        """);
    Result result =
        run(
                BUSYBOX,
                "mkdir /d; kill -USR1 $$; kill -0 $$ && echo zero; (exec ln -s a b); echo code $?; grep '^Seccomp:' /proc/self/status",
                "--security-opt",
                "seccomp=" + profile)
            .expect(0);
    assertEquals(
        "zero\ncode 159\nSeccomp:\t2\n", result.out().replaceAll("(?m)^Bad system call.*\n", ""));
    assertTrue(result.err().contains("No space left on device"), result.toString());
    assertTrue(result.err().contains("not permitted"), result.toString());
  }

  @Test
  void pathsOfTheKernelAreMaskedOrReadOnly() {
    Result result =
        run(
            BUSYBOX,
            "cat /proc/kcore /proc/timer_list /proc/keys 2>/dev/null | wc -c; ls /sys/firmware 2>/dev/null | wc -l;"
                + " echo x >/proc/sys/kernel/hostname; echo alive; touch /sys/x 2>/dev/null || echo refused");
    assertEquals("0\n0\nalive\nrefused\n", result.out(), result.toString());
    assertTrue(
        result.err().contains("/proc/sys/kernel/hostname: Read-only file system"),
        result.toString());
  }

  @Test
  void hostIsOutOfSight() {
    Result result =
        run(
            BUSYBOX,
            "ls -d /proc/[0-9]* | wc -l; mount -t tmpfs t /mnt 2>&1; mknod /dev/sda b 8 0 && cat /dev/sda; dmesg >/dev/null 2>&1 || echo no-dmesg; cat /proc/1/cmdline | tr '\\0' ' ' | cut -c1-2");
    assertTrue(
        result.err().contains("not permitted")
            || result.err().contains("such device")
            || result.err().contains("enied"),
        result.toString());
    assertTrue(result.out().contains("sh"), result.toString());
  }
}
