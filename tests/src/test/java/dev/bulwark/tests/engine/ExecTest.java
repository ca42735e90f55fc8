package dev.bulwark.tests.engine;

import static dev.bulwark.tests.engine.Images.BUSYBOX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tests.Execution;
import dev.bulwark.tests.Result;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code docker exec} and {@code docker top}, most of it in one container. */
class ExecTest extends DockerTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static Container container = new Container("");

  @BeforeAll
  static void start() {
    container = Container.idle("--env", "GIVEN=run", "--hostname", "box", "--workdir", "/etc");
  }

  private static Result exec(String... arguments) {
    return docker()
        .run(Stream.concat(Stream.of("exec"), Stream.of(arguments)).toArray(String[]::new));
  }

  @Test
  void outputErrorsAndCodeAreTheProcesses() {
    Result result = container.exec("sh", "-c", "echo out; echo err >&2; exit 9").expect(9);
    assertEquals("out\n", result.out());
    assertEquals("err\n", result.err());
  }

  @Test
  void inputIsReadToItsEnd() {
    String input = "0123456789abcdef".repeat(1 << 14);
    Result result =
        docker().runWithInput(input, "exec", "-i", container.id(), "wc", "-c").expect(0);
    assertEquals(input.length() + "\n", result.out());
  }

  @Test
  void surroundingsAreTheContainersUnlessGiven() {
    assertEquals("run box /etc 0", container.shell("echo $GIVEN $(hostname) $(pwd) $(id -u)"));
    Result given =
        exec(
                "--env",
                "GIVEN=exec",
                "--workdir",
                "/tmp",
                "--user",
                "guest",
                container.id(),
                "sh",
                "-c",
                "echo $GIVEN $(hostname) $(pwd) $(id -u)")
            .expect(0);
    assertEquals("exec box /tmp 1000\n", given.out());
  }

  @Test
  void missingCommandSaysSo() {
    Result result = container.exec("no-such-command");
    assertTrue(result.exitCode() == 126 || result.exitCode() == 127, result.toString());
    String said = result.out() + result.err();
    assertTrue(said.contains("no-such-command"), result.toString());
    assertTrue(said.contains("executable file not found in $PATH"), result.toString());
  }

  @Test
  void whatCannotBeExecutedSaysSo() {
    Result result = container.exec("/etc/passwd").expect(126);
    assertTrue((result.out() + result.err()).contains("permission denied"), result.toString());
  }

  @Test
  void deathBySignalIs128AndItsNumber() {
    container.exec("sh", "-c", "kill -KILL $$").expect(137);
    container.exec("sh", "-c", "kill -TERM $$").expect(143);
  }

  @Test
  void detachedProcessGoesOn() {
    exec("-d", container.id(), "sh", "-c", "touch /tmp/detached; sleep 98765").expect(0);
    Poll.until(() -> container.exec("test", "-e", "/tmp/detached").exitCode(), code -> code == 0);
    String top = docker().output("top", container.id(), "-o", "pid,args");
    assertEquals(3, top.lines().count(), top);
    // Docker asks the host's ps(1), where a sandbox has no command lines
    assertTrue(RuntimeBinary.isBulwark() || top.contains("sleep 98765"), top);
    assertTrue(container.shell("ps -o args").contains("sleep 98765"));
    container.shell("kill $(ps -o pid,args | awk '/[9]8765/ { print $1 }')");
  }

  @Test
  void processesOfTheContainerSeeEachOther() {
    assertEquals("sleep 100000", container.shell("tr '\\0' ' ' </proc/1/cmdline"));
    container.shell("echo seen >/tmp/shared");
    assertEquals("seen", container.shell("cat /proc/1/root/tmp/shared"));
  }

  @Test
  void manyAtOnceEachGetTheirOwn() {
    List<Execution> all =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    docker()
                        .start(
                            "exec", container.id(), "sh", "-c", "echo number " + i + "; exit " + i))
            .toList();
    for (int i = 0; i < all.size(); i++) {
      assertEquals("number " + i + "\n", all.get(i).await(LIMIT).expect(i).out());
    }
  }

  @Test
  void endOfTheContainerEndsIt() {
    Container other = Container.idle();
    Execution client = docker().start("exec", other.id(), "sh", "-c", "echo up; sleep 100000");
    client.awaitOutput("up", LIMIT);
    other.signal("KILL");
    client.await(LIMIT).expect(137);
    assertEquals(137, other.await());
    other.remove();
  }

  @Test
  void removalOfTheContainerEndsIt() {
    Container other = Container.idle();
    Execution client = docker().start("exec", other.id(), "sh", "-c", "echo up; sleep 100000");
    client.awaitOutput("up", LIMIT);
    other.remove();
    client.await(LIMIT).expect(137);
  }

  @Test
  void stoppedContainerRefusesIt() {
    Container other = Container.start(BUSYBOX, "true");
    other.await();
    Result result = other.exec("true").expect(1);
    assertTrue(result.err().contains("is not running"), result.toString());
    other.remove();
  }

  @Test
  void pausedContainerRefusesIt() {
    Container other = Container.idle();
    other.does("pause");
    Result result = other.exec("true").expect(1);
    assertTrue(result.err().contains("is paused"), result.toString());
    other.does("unpause");
    other.exec("true").expect(0);
    other.remove();
  }
}
