package dev.bulwark.tests.engine;

import static dev.bulwark.tests.engine.Images.BUSYBOX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tests.Result;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docker run} in the foreground: output, input, exit codes, and what a process is given. */
class RunTest extends DockerTest {

  private static Result run(String... arguments) {
    return docker()
        .run(Stream.concat(Stream.of("run", "--rm"), Stream.of(arguments)).toArray(String[]::new));
  }

  private static String shell(String script, String... options) {
    List<String> all =
        Stream.concat(Stream.of(options), Stream.of(BUSYBOX, "sh", "-c", script)).toList();
    return run(all.toArray(String[]::new)).expect(0).out();
  }

  @Test
  void outputAndErrorsAreApart() {
    Result result = run(BUSYBOX, "sh", "-c", "echo out; echo err >&2").expect(0);
    assertEquals("out\n", result.out());
    assertEquals("err\n", result.err());
  }

  @Test
  void inputIsReadToItsEnd() {
    String input = "0123456789abcdef".repeat(1 << 16);
    Result result = docker().runWithInput(input, "run", "--rm", "-i", BUSYBOX, "md5sum").expect(0);
    assertEquals(md5(input) + "  -\n", result.out());
  }

  private static String md5(String bytes) {
    try {
      byte[] sum =
          java.security.MessageDigest.getInstance("MD5")
              .digest(bytes.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
      return java.util.HexFormat.of().formatHex(sum);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void nothingOfMuchOutputIsLost() {
    assertEquals(2_000_000L * 8, shell("yes 1234567 | head -n 2000000").length());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 255})
  void exitCodeIsTheProgram(int code) {
    run(BUSYBOX, "sh", "-c", "exit " + code).expect(code);
  }

  @ParameterizedTest
  @CsvSource({"KILL, 137", "TERM, 143", "SEGV, 139"})
  void deathBySignalIs128AndItsNumber(String signal, int code) {
    // The first process of a namespace ignores what it has no handler for, so its child is it.
    run("--init", BUSYBOX, "sh", "-c", "kill -" + signal + " $$").expect(code);
  }

  @Test
  void missingCommandIs127AndSaysSo() {
    Result result = run(BUSYBOX, "no-such-command").expect(127);
    assertTrue(result.err().contains("no-such-command"), result.toString());
    assertTrue(result.err().contains("executable file not found in $PATH"), result.toString());
  }

  @Test
  void missingPathIs127AndSaysSo() {
    Result result = run(BUSYBOX, "/no/such/command").expect(127);
    assertTrue(result.err().contains("/no/such/command"), result.toString());
    assertTrue(result.err().contains("no such file or directory"), result.toString());
  }

  @Test
  void whatCannotBeExecutedIs126AndSaysSo() {
    Result result = run(BUSYBOX, "/etc/passwd").expect(126);
    assertTrue(result.err().contains("permission denied"), result.toString());
  }

  @Test
  void directoryIs126() {
    Result result = run(BUSYBOX, "/etc").expect(126);
    assertTrue(result.err().contains("/etc"), result.toString());
  }

  @Test
  void wrongOptionIs125() {
    run("--no-such-option", BUSYBOX, "true").expect(125);
  }

  @Test
  void missingWorkingDirectoryIsMade() {
    assertEquals("/new/one\n", shell("pwd", "--workdir", "/new/one"));
  }

  @Test
  void environmentHostNameAndWorkingDirectoryAreAsGiven() {
    assertEquals(
        "a b\nbox\nbox\n/etc\n",
        shell(
            "echo \"$A\"; hostname; cat /proc/sys/kernel/hostname; pwd",
            "--env",
            "A=a b",
            "--hostname",
            "box",
            "--workdir",
            "/etc"));
  }

  @Test
  void entryPointTakesTheCommandAsArguments() {
    assertEquals("a b\n", run("--entrypoint", "/bin/echo", BUSYBOX, "a", "b").expect(0).out());
  }

  @Test
  void userIsByNameOrByNumber() {
    assertEquals("1000 1000 1000\n", shell("echo $(id -u) $(id -g) $(id -G)", "--user", "guest"));
    assertEquals(
        "12 34 34 1001\n",
        shell("echo $(id -u) $(id -g) $(id -G)", "--user", "12:34", "--group-add", "extra"));
  }

  @Test
  void firstProcessIsNumberOne() {
    assertEquals("1\n", shell("echo $$"));
  }

  @Test
  void initReapsOrphans() {
    assertEquals(
        "/sbin/docker-init\n0\n",
        shell(
            "tr '\\0' '\\n' </proc/1/cmdline | head -n 1;"
                + " (true & true & exec true); i=0;"
                + " while ps -o stat,args | grep -q '^Z' && [ $i -lt 50 ]; do i=$((i+1)); usleep 20000; done;"
                + " ps -o stat | grep -c '^Z'; true",
            "--init"));
  }

  @Test
  void onlyThreeDescriptorsAreOpen() {
    // the fourth is ls's own
    assertEquals("0\n1\n2\n3\n", run(BUSYBOX, "ls", "/proc/self/fd").expect(0).out());
  }

  @Test
  void devicesAreThoseOfContainers() {
    String shown =
        shell(
            "ls /dev; head -c 3 /dev/zero | wc -c; echo x >/dev/null; head -c 2 /dev/urandom | wc -c");
    for (String name :
        List.of(
            "fd", "full", "mqueue", "null", "ptmx", "pts", "random", "shm", "stdin", "tty",
            "urandom", "zero")) {
      assertTrue(shown.lines().anyMatch(name::equals), name + " is missing in " + shown);
    }
    assertTrue(shown.endsWith("3\n2\n"), shown);
  }

  @Test
  void attachedClientThatIsKilledLeavesTheContainerRunning() {
    var client =
        docker().start("run", "--name", "survivor", BUSYBOX, "sh", "-c", "echo up; sleep 100000");
    client.awaitOutput("up", java.time.Duration.ofSeconds(60));
    client.process().descendants().forEach(ProcessHandle::destroyForcibly);
    client.await(java.time.Duration.ofSeconds(30));
    assertEquals("true", docker().output("inspect", "-f", "{{.State.Running}}", "survivor"));
  }
}
