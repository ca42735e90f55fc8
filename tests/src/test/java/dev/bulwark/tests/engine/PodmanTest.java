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

/** {@code podman --runtime}, which has no daemon: conmon is the parent of its containers. */
class PodmanTest extends DockerTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String IMAGE = "localhost/busybox:latest";

  @BeforeAll
  static void loadImage() {
    docker().run("tag", Images.BUSYBOX, IMAGE).expect(0);
    docker().shell("$DOCKER save " + IMAGE + " | " + String.join(" ", words("load")));
  }

  @AfterAll
  static void removeAll() {
    podman("rm", "-fa").expect(0);
    podman("system", "reset", "-f").expect(0);
    // what podman keeps for ever
    docker()
        .enclosure()
        .run(
            "sh",
            "-c",
            "rm -rf /dev/shm/libpod_lock /run/libpod /run/containers /run/crun /run/netns"
                + " /var/lib/containers; d=/run/"
                + RuntimeBinary.NAME
                + "; [ ! -d $d ] || rmdir $d")
        .expect(0);
    // a conmon outlives its container for as long as its last podman takes to clean up
    String remove =
        "for c in /sys/fs/cgroup/*/"
            + docker().cgroups().name()
            + "/conmon; do [ ! -d $c ] || rmdir $c || exit; done";
    Poll.until(
        () -> docker().enclosure().run("sh", "-c", remove), result -> result.exitCode() == 0);
  }

  private static List<String> words(String... arguments) {
    String directory = docker().enclosure().directory() + "/podman";
    return Stream.concat(
            Stream.of(
                "podman",
                "--root",
                directory + "/root",
                "--runroot",
                directory + "/run",
                "--tmpdir",
                directory + "/tmp",
                "--cgroup-manager",
                "cgroupfs",
                "--events-backend",
                "file",
                "--runtime",
                RuntimeBinary.path().toString()),
            Stream.of(arguments))
        .toList();
  }

  private static Result podman(String... arguments) {
    return docker().enclosure().start(Map.of(), "", words(arguments)).await(LIMIT);
  }

  private static String[] run(String... arguments) {
    return Stream.concat(
            Stream.of(
                "run", "--network", "none", "--cgroup-parent", "/" + docker().cgroups().name()),
            Stream.of(arguments))
        .toArray(String[]::new);
  }

  @Test
  void runGivesOutputAndCode() {
    Result result =
        podman(
                run(
                    "--rm",
                    "-e",
                    "A=b",
                    "-w",
                    "/etc",
                    IMAGE,
                    "sh",
                    "-c",
                    "echo $A $(pwd); echo e >&2; exit 5"))
            .expect(5);
    assertEquals("b /etc\n", result.out());
    assertEquals("e\n", result.err());
  }

  @Test
  void missingCommandIs127() {
    Result result = podman(run("--rm", IMAGE, "no-such-command")).expect(127);
    assertTrue(result.err().contains("no-such-command"), result.toString());
  }

  @Test
  void containerInTheBackgroundIsExecutedInLoggedAndStopped() {
    podman(
            run(
                "-d",
                "--name",
                "p1",
                IMAGE,
                "sh",
                "-c",
                "trap 'exit 9' TERM; echo up; while true; do usleep 50000; done"))
        .expect(0);
    Poll.until(() -> podman("logs", "p1").out(), shown -> shown.contains("up"));
    Result result = podman("exec", "p1", "sh", "-c", "echo in; exit 3").expect(3);
    assertEquals("in\n", result.out());
    assertTrue(
        podman("top", "p1", "pid", "args").out().contains("usleep")
            || podman("ps").out().contains("p1"));
    podman("stop", "p1").expect(0);
    assertEquals("9\n", podman("inspect", "-f", "{{.State.ExitCode}}", "p1").expect(0).out());
    podman("rm", "p1").expect(0);
  }

  @Test
  void terminalIsTheClients() {
    Execution client =
        docker().enclosure().startOnTerminal(Map.of(), words(run("--rm", "-it", IMAGE, "sh")));
    client.awaitOutput("# ", LIMIT);
    client.type("stty size; echo do''ne\r");
    client.awaitOutput("done", LIMIT);
    client.type("exit 4\r");
    assertTrue(client.await(LIMIT).expect(4).out().contains("24 80\r\n"));
  }
}
