package dev.bulwark.tests.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tests.CProgram;
import dev.bulwark.tests.Result;
import dev.bulwark.tests.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An application that is root in its sandbox and means harm (src/test/c/attacks.c): the host's file
 * is not read, the host's process lives, the sandbox's other process goes on. Its root file system
 * holds nothing else, so that whatever it finds was the host's.
 */
class ApplicationTest {
  private static final String CONTENT = "Contents that nobody in a sandbox may see\n";

  /** Listens on an abstract socket, and ends when somebody connects. */
  private static final String LISTEN =
      """
      socket(S, AF_UNIX, SOCK_STREAM, 0) && bind(S, pack_sockaddr_un("\\0" . $ARGV[0])) && listen(S, 1)
        or die $!;
      $| = 1; print "listening\\n"; accept(C, S);
      """;

  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir private static Path directory;
  private static Path root;
  private static Path canary;
  private static Process process;

  @BeforeAll
  static void prepare() throws IOException {
    root = Files.createDirectory(directory.resolve("root"));
    for (String each : List.of("tmp", "proc", "dev", "sys", "run")) {
      Files.createDirectory(root.resolve(each));
    }
    Path program = Path.of(CProgram.compile("attacks", "-static", "-Wno-unused-result"));
    Files.copy(program, root.resolve("attacks"), StandardCopyOption.COPY_ATTRIBUTES);
    canary = Files.writeString(directory.resolve("canary"), CONTENT);
    process = new ProcessBuilder("sleep", "1000000").start();
  }

  @AfterAll
  static void end() {
    process.destroyForcibly();
  }

  private static Result attack(String name, String socket) {
    Result result =
        Sandbox.of("/attacks", name, canary.toString(), "" + process.pid(), socket)
            .with("--root", root.toString())
            .limit(LIMIT)
            .run();
    assertTrue(process.isAlive(), name + " ended a process of the host");
    return result.expect(0);
  }

  /** Rule 1: no system call of an application reaches the host, wherever it is made. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "stub-open",
        "stub-exec",
        "stub-kill",
        "stub-calls",
        "stub-remap",
        "stub-foreign",
        "int80",
        "compatibility-mode",
        "sysenter",
        "vsyscall",
        "privileged",
        "segments",
        "platform-text",
        "tracing"
      })
  void noWayIntoTheKernel(String name) throws IOException {
    assertTrue(attack(name, "none").out().startsWith("held"), name);
    assertEquals(CONTENT, Files.readString(canary));
  }

  /** Rule 4: what a stub says is hostile; scribbling over the shared slots harms the scribbler. */
  @Test
  void forgedSlotsHarmTheForger() {
    assertEquals("held\n", attack("slots", "none").out());
  }

  /** Rules 1 and 2: no path leads out of the root file system. */
  @ParameterizedTest
  @ValueSource(strings = {"roots", "races", "devices", "namespaces"})
  void noWayOutOfTheRoot(String name) throws IOException {
    assertEquals("held\n", attack(name, "none").out());
    assertEquals(CONTENT, Files.readString(canary));
  }

  /** Rule 3: no socket of the host, not even one without a path. */
  @Test
  void noWayToTheHostsSockets() throws IOException {
    String name = "bulwark-attack-" + process.pid();
    Process host =
        new ProcessBuilder("perl", "-MSocket", "-e", LISTEN, name)
            .redirectErrorStream(true)
            .start();
    try {
      assertEquals("listening", host.inputReader().readLine());
      assertEquals("held\n", attack("host-sockets", name).out());
      assertTrue(host.isAlive());
    } finally {
      host.destroyForcibly();
    }
  }
}
