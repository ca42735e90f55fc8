package dev.bulwark.tests.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tests.Execution;
import dev.bulwark.tests.Result;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * containerd's own client, through the shim for runc with our binary: {@code ctr --runc-binary}.
 */
class ContainerdTest extends DockerTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String IMAGE = "docker.io/library/busybox:latest";

  @BeforeAll
  static void importImage() {
    docker()
        .shell(
            "$DOCKER save "
                + Images.BUSYBOX
                + " | "
                + String.join(" ", words("image", "import", "-")));
  }

  @AfterAll
  static void removeImage() {
    ctr("image", "rm", IMAGE).expect(0);
    // containerd keeps its directories; these must be empty
    String name = docker().cgroups().name();
    docker()
        .enclosure()
        .run(
            "rmdir",
            "/run/containerd/fifo",
            "/run/containerd/runc/" + name,
            "/run/containerd/runc",
            docker().enclosure().directory()
                + "/exec/containerd/daemon/io.containerd.runtime.v2.task/"
                + name)
        .expect(0);
  }

  /** The namespace's name is that of the cgroups' parent, so that all are looked after together. */
  private static List<String> words(String... arguments) {
    return Stream.concat(
            Stream.of(
                "ctr",
                "-a",
                docker().enclosure().directory() + "/exec/containerd/containerd.sock",
                "-n",
                docker().cgroups().name()),
            Stream.of(arguments))
        .toList();
  }

  private static Execution start(String... arguments) {
    return docker().enclosure().start(Map.of(), "", words(arguments));
  }

  private static Result ctr(String... arguments) {
    return start(arguments).await(LIMIT);
  }

  private static String[] run(String... arguments) {
    return Stream.concat(
            Stream.of("run", "--runc-binary", RuntimeBinary.path().toString()),
            Stream.of(arguments))
        .toArray(String[]::new);
  }

  @Test
  void runGivesOutputAndCode() {
    Result result =
        ctr(run(
                "--rm",
                "--env",
                "A=b",
                "--cwd",
                "/etc",
                IMAGE,
                "c1",
                "sh",
                "-c",
                "echo $A $(pwd); echo e >&2; exit 5"))
            .expect(5);
    assertEquals("b /etc\n", result.out());
    assertEquals("e\n", result.err());
  }

  @Test
  void missingCommandSaysSo() {
    Result result = ctr(run("--rm", IMAGE, "c2", "no-such-command"));
    assertTrue(
        result.exitCode() != 0 && result.err().contains("executable file not found in $PATH"),
        result.toString());
  }

  @Test
  void taskIsExecutedInPausedResumedAndKilled() {
    ctr(run("-d", IMAGE, "c3", "sleep", "100000")).expect(0);
    assertTrue(ctr("task", "ls").out().matches("(?s).*c3 +\\d+ +RUNNING.*"));
    Result result =
        ctr("task", "exec", "--exec-id", "e1", "c3", "sh", "-c", "echo in; exit 3").expect(3);
    assertEquals("in\n", result.out());
    assertTrue(ctr("task", "ps", "c3").expect(0).out().lines().count() == 2);
    assertTrue(ctr("task", "metrics", "c3").expect(0).out().contains("memory.usage_in_bytes"));
    ctr("task", "pause", "c3").expect(0);
    assertTrue(ctr("task", "ls").out().contains("PAUSED"));
    ctr("task", "resume", "c3").expect(0);
    ctr("task", "kill", "-s", "SIGKILL", "c3").expect(0);
    Poll.until(() -> ctr("task", "ls").out(), shown -> shown.contains("STOPPED"));
    assertTrue(ctr("task", "rm", "c3").expect(0).err().contains("non-zero exit code 137"));
    ctr("container", "rm", "c3").expect(0);
  }

  @Test
  void terminalIsTheClients() {
    Execution client =
        docker().enclosure().startOnTerminal(Map.of(), words(run("--rm", "-t", IMAGE, "c4", "sh")));
    client.awaitOutput("# ", LIMIT);
    // the client sets the size after the start
    client.type("until stty size | grep -q '24 80'; do usleep 50000; done; echo do''ne\r");
    client.awaitOutput("done", LIMIT);
    client.type("exit 4\r");
    client.await(LIMIT).expect(4);
  }

  @Test
  void signalReachesTheProgram() {
    Execution client =
        start(
            run(
                "--rm",
                IMAGE,
                "c5",
                "sh",
                "-c",
                "trap 'exit 9' TERM; echo up; while true; do usleep 50000; done"));
    client.awaitOutput("up", LIMIT);
    ctr("task", "kill", "c5").expect(0);
    client.await(LIMIT).expect(9);
  }
}
