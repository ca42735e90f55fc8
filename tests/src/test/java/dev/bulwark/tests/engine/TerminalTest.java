package dev.bulwark.tests.engine;

import static dev.bulwark.tests.engine.Images.BUSYBOX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tests.Execution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Containers on a terminal, with the client on a real one. Prompts are awaited before typing. */
class TerminalTest extends DockerTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** The detach keys: control P, control Q. */
  private static final String DETACH = "\20\21";

  private static Execution interactive() {
    Execution client = docker().startOnTerminal("run", "--rm", "-it", BUSYBOX, "sh");
    client.awaitOutput("# ", LIMIT);
    return client;
  }

  /** What a command prints differs from what is typed, or the echo would be taken for it. */
  private static void say(Execution client, String commands, String expected) {
    client.type(commands + "\r");
    client.awaitOutput(expected, LIMIT);
  }

  @Test
  void shellHasATerminalOfTheClientsSize() {
    Execution client = interactive();
    say(client, "tty; stty size; echo do''ne1", "done1");
    say(client, "[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo ter''minal", "terminal");
    say(client, "ls -l /dev/console | cut -c1; echo do''ne2", "done2");
    client.type("exit 3\r");
    String shown = client.await(LIMIT).expect(3).out();
    assertTrue(shown.contains("/dev/pts/0\r\n24 80\r\n"), shown);
    assertTrue(shown.contains("c\r\ndone2"), shown);
  }

  @Test
  void controlCInterruptsTheForegroundJobAlone() {
    Execution client = interactive();
    say(client, "trap 'echo cau''ght' INT; sh -c 'echo be''gun; sleep 100000'", "begun");
    client.type("\3");
    client.awaitOutput("caught", LIMIT);
    say(client, "echo code $? al''ive", "alive");
    client.type("exit\r");
    String shown = client.await(LIMIT).expect(0).out();
    assertTrue(shown.contains("code 130 alive"), shown);
  }

  @Test
  void controlZStopsAndFgContinues() {
    Execution client = interactive();
    say(client, "sh -c 'echo be''gun; sleep 100000; true'", "begun");
    client.type("\32");
    client.awaitOutput("Stopped", LIMIT);
    say(client, "kill %1; fg; echo en''ded", "ended");
    client.type("exit\r");
    client.await(LIMIT);
  }

  @Test
  void sizeFollowsTheClients() {
    Execution client =
        docker()
            .startOnTerminal(
                "run",
                "--rm",
                "-it",
                BUSYBOX,
                "sh",
                "-c",
                "trap 'stty size' WINCH; trap 'exit 8' INT; echo ready; while true; do usleep 50000; done");
    client.awaitOutput("ready", LIMIT);
    // The client tells of the size that it found at first whenever it comes to that; so once more.
    Poll.until(
        LIMIT,
        () -> {
          resize(client, 33, 100);
          resize(client, 33, 101);
          return client.shown();
        },
        shown -> shown.contains("33 101"));
    client.type("\3");
    client.await(LIMIT).expect(8);
  }

  private static void resize(Execution client, int rows, int columns) {
    HostProcess onTerminal =
        client
            .process()
            .descendants()
            .map(handle -> new HostProcess(handle.pid()))
            .filter(process -> process.commandLine().startsWith("/usr/bin/docker "))
            .findFirst()
            .orElseThrow();
    try {
      // the terminal belongs to the enclosure's devpts, which is the host's
      Path terminal = Files.readSymbolicLink(Path.of("/proc/" + onTerminal.pid() + "/fd/0"));
      docker()
          .enclosure()
          .run("stty", "-F", terminal.toString(), "rows", "" + rows, "cols", "" + columns)
          .expect(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void execHasATerminalOfItsOwn() {
    Container container = Container.idle("-t");
    Execution client = docker().startOnTerminal("exec", "-it", container.id(), "sh");
    client.awaitOutput("# ", LIMIT);
    // the client sets the size after the start
    say(
        client,
        "tty; until stty size | grep -q '24 80'; do usleep 50000; done; echo do''ne",
        "done");
    client.type("exit 3\r");
    String shown = client.await(LIMIT).expect(3).out();
    assertTrue(shown.contains("/dev/pts/1\r\n"), shown);
    container.remove();
  }

  @Test
  void detachedContainerIsAttachedAgain() {
    Execution client = docker().startOnTerminal("run", "--name", "again", "-it", BUSYBOX, "sh");
    client.awaitOutput("# ", LIMIT);
    say(client, "X=ke''pt; echo do''ne", "done");
    client.type(DETACH);
    client.await(LIMIT).expect(0);
    assertEquals("true", docker().output("inspect", "-f", "{{.State.Running}}", "again"));
    Execution second = docker().startOnTerminal("attach", "again");
    second.type("\r");
    second.awaitOutput("# ", LIMIT);
    say(second, "echo $X i''s", "kept is");
    second.type("exit 5\r");
    second.await(LIMIT).expect(5);
    docker().run("rm", "again").expect(0);
  }

  @Test
  void endOfInputEndsTheShell() {
    Execution client = interactive();
    client.type("\4");
    client.await(LIMIT).expect(0);
  }
}
