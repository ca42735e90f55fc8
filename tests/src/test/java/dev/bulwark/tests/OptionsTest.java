package dev.bulwark.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every option of {@code bulwark do}, by what it changes inside and outside. */
class OptionsTest {

  /** Open to the users that the sandbox runs programs as. */
  private static Path open(Path directory) throws IOException {
    return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  @Test
  void hostnameEnvironmentUserAndDirectoryAreAsAsked() {
    assertEquals(
        "box box\nb c []\nnobody 65534 65534\n/usr/share\n",
        Debian.of(
                "/bin/sh",
                "-c",
                "echo $(hostname) $HOSTNAME; echo $A [$B]; echo $(id -un) $(id -u) $(id -g); pwd")
            .with("--hostname", "box", "--env", "A=b c", "--env=B=", "--cwd", "/usr/share")
            .with("--user", "nobody")
            .run()
            .expect(0)
            .out());
  }

  @Test
  void userAndGroupMayBeNumbersThatNobodyHas() {
    assertEquals(
        "4242 4343\n",
        Debian.of("/bin/sh", "-c", "echo $(id -u) $(id -g)")
            .with("--user", "4242:4343")
            .run()
            .expect(0)
            .out());
  }

  @Test
  void variableWithoutAValueIsTheCallers() {
    Result result =
        Execution.start(
                List.of("./bulwark", "do", "--env", "OURS", "--", "/usr/bin/env"),
                Map.of("OURS", "of the caller", "THEIRS", "kept out"),
                "")
            .await(java.time.Duration.ofMinutes(1))
            .expect(0);
    assertTrue(result.out().contains("OURS=of the caller\n"), result.toString());
    assertFalse(result.out().contains("kept out"), result.toString());
  }

  @Test
  void unknownUserAndMissingDirectoryAreNamed() {
    Result user = Debian.of("true").with("--user", "no-such-user").run();
    assertTrue(user.exitCode() >= 125 && user.err().contains("no-such-user"), user.toString());
    Result directory = Debian.of("true").with("--cwd", "/no/such").run();
    assertTrue(
        directory.exitCode() >= 125 && directory.err().contains("/no/such"), directory.toString());
  }

  @Test
  void writesStayInMemoryUnlessTheyAreLetThrough(@TempDir Path scratch) throws IOException {
    Path root = Files.createDirectory(scratch.resolve("root"));
    for (String each : List.of("bin", "proc", "dev", "sys", "tmp")) {
      Files.createDirectory(root.resolve(each));
    }
    Files.copy(Path.of("/bin/busybox"), root.resolve("bin/sh"));
    Path file = root.resolve("file");
    Sandbox write =
        Sandbox.of("/bin/sh", "-c", "echo x >/file && /bin/sh -c 'read a </file; echo $a'")
            .with("--root", root.toString());
    assertEquals("x\n", write.run().expect(0).out());
    assertFalse(Files.exists(file));
    assertEquals(1, write.with("--read-only").run().exitCode());
    assertFalse(Files.exists(file));
    assertEquals("x\n", write.with("--rw").run().expect(0).out());
    assertEquals("x\n", Files.readString(file));
  }

  @Test
  void memoryIsLimitedAndTold() {
    String out =
        Debian.of("/bin/sh", "-c", "free -b | awk '/^Mem/ { print $2 }'")
            .with("--memory", "256m")
            .run()
            .expect(0)
            .out();
    assertEquals((256 << 20) + "\n", out);
  }

  @Test
  void traceGoesToStandardErrorOrAFileAndIsFiltered(@TempDir Path scratch) throws IOException {
    Result all = Debian.of("/bin/cat", "/etc/hostname").with("--strace").run().expect(0);
    assertTrue(
        Pattern.compile("(?m)^\\[pid +1\\] openat\\(AT_FDCWD, \"/etc/hostname\", O_RDONLY\\) = 3 <")
            .matcher(all.err())
            .find(),
        all.err());
    assertTrue(all.err().contains("exit_group(0)"), all.err());
    Path file = scratch.resolve("trace");
    Result filtered =
        Debian.of("/bin/cat", "/no/such/file")
            .with("--strace=" + file, "--strace-filter", "openat")
            .run()
            .expect(1);
    assertEquals("/bin/cat: /no/such/file: No such file or directory\n", filtered.err());
    List<String> lines = Files.readAllLines(file);
    assertTrue(
        lines.stream().anyMatch(line -> line.contains("\"/no/such/file\", O_RDONLY) = -1 ENOENT")),
        lines.toString());
    assertTrue(
        lines.stream().filter(line -> line.contains("(")).allMatch(l -> l.contains("openat(")),
        lines.toString());
  }

  @Test
  void filterThatNamesNoCallIsRefused() {
    Result result = Debian.of("true").with("--strace-filter", "no_such_call").run();
    assertTrue(result.exitCode() >= 2 && result.err().contains("no_such_call"), result.toString());
  }

  @Test
  void logsOfAllProcessesAreKept(@TempDir Path scratch) throws IOException {
    Path logs = open(Files.createDirectory(scratch.resolve("logs")));
    Debian.of("true").with("--debug-log", logs.toString()).run().expect(0);
    assertTrue(Files.exists(logs.resolve("sentry.log")), scratch.toString());
    assertTrue(Files.exists(logs.resolve("gofer.log")), scratch.toString());
  }

  private static String lastLine(Result result) {
    return result.err().lines().reduce("", (_, line) -> line);
  }

  @Test
  void programThatDiesForWantOfACallSaysWhichInTheLastLine() {
    // io_setup(2) is not implemented.
    Result result =
        Debian.of("/bin/sh", "-c", "perl -e 'syscall(206, 1, 0); kill ABRT => $$'; exit $?").run();
    assertEquals(134, result.exitCode(), result.toString());
    String last = lastLine(result);
    assertTrue(last.startsWith("bulwark: ") && last.contains("io_setup (1 times)"), last);
  }

  @Test
  void programThatIsKilledForMemorySaysSoInTheLastLine() {
    Result result =
        Debian.of("perl", "-e", "$x = 'x' x (600 << 20); $y = $x . $x")
            .with("--memory", "200m")
            .run();
    assertEquals(137, result.exitCode(), result.toString());
    String last = lastLine(result);
    assertTrue(last.startsWith("bulwark: ") && last.contains("memory"), last);
  }

  @Test
  void programThatEndsByItselfIsNotCommentedOn() {
    assertEquals("", Debian.of("perl", "-e", "syscall(206, 1, 0); exit 3").run().expect(3).err());
  }
}
