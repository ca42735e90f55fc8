package dev.bulwark.tests.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rules 2 and 3: whoever owns the Sentry gets no call past its filter, and would gain nothing by
 * one. The programs are in src/test/attack.
 */
class OwnedSentryTest {
  @TempDir static Path directory;
  private static TestBuild build;

  @BeforeAll
  static void make() throws IOException {
    build = new TestBuild(directory, "sentry", "OwnedSentry.java", "dev/bulwark/sentry/boot");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "openat",
        "open",
        "openat2",
        "execve",
        "socket",
        "ptrace",
        "process_vm_readv",
        "mount",
        "unshare",
        "kill",
        "mmap",
        "mprotect",
        "clone",
        "ioctl",
        "prctl",
        "setuid",
        "bpf",
        "io_uring_setup"
      })
  void aForbiddenCallEndsTheSandboxAndIsNamed(String call) throws Exception {
    TestBuild.Ended ended = build.run("--hostname", call.replace('_', '-'), "--", "true");
    assertEquals(125, ended.code(), ended.said());
    String sentence =
        "its Sentry made a system call of the host that it may not make: " + call + " (";
    assertTrue(ended.said().contains(sentence), ended.said());
  }

  @Test
  void oneThatIsMadeWhileTheFilterComesEndsItToo() throws Exception {
    TestBuild.Ended ended = build.run("--hostname", "middle", "--", "true");
    assertEquals(125, ended.code(), ended.said());
    assertTrue(ended.said().contains("may not make: getppid ("), ended.said());
  }

  @Test
  void javaGoesOnBehindTheFilter() throws Exception {
    TestBuild.Ended ended = build.run("--hostname", "life", "--", "true");
    assertEquals(96, ended.code(), ended.said());
    assertTrue(ended.said().contains("0000beef 7 1,234,567 1.50\n"), ended.said());
    assertTrue(ended.said().contains("no such class\n-2\n"), ended.said()); // ENOENT
    assertTrue(ended.said().contains("lives\n"), ended.said());
  }

  @Test
  void withoutTheFilterEveryDoorIsShutStill() throws Exception {
    TestBuild.Ended ended = build.run("--hostname", "all", "--", "true");
    assertEquals(99, ended.code(), ended.said());
    assertTrue(ended.said().contains("a program: refused\n"), ended.said());
    assertTrue(ended.said().contains("locking twice: refused\n"), ended.said());
    assertFalse(ended.said().contains("OPEN"), ended.said());
  }
}
