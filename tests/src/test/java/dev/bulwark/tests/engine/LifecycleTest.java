package dev.bulwark.tests.engine;

import static dev.bulwark.tests.engine.Images.BUSYBOX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tests.Execution;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A container from its creation to its removal. */
class LifecycleTest extends DockerTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Says which signals it gets, once a tenth of a second; ends with 42 when told so. */
  private static final String LISTENER =
      """
      trap 'echo hup' HUP; trap 'echo usr1' USR1; trap 'echo term; exit 42' TERM
      echo up
      while true; do usleep 100000; done
      """;

  @Test
  void createdContainerStartsAndStartsAgain() {
    Container container = Container.create(BUSYBOX, "sh", "-c", "echo run; exit 4");
    assertEquals("created", container.status());
    container.does("start");
    assertEquals(4, container.await());
    assertEquals("exited", container.status());
    container.does("start");
    assertEquals(4, container.await());
    assertEquals("run\nrun\n", container.logs().out());
    assertEquals(
        "0 4", container.inspect(".State.Pid") + " " + container.inspect(".State.ExitCode"));
    container.remove();
  }

  @Test
  void signalsReachTheFirstProcess() {
    Container container = Container.start(BUSYBOX, "sh", "-c", LISTENER);
    container.awaitOutput("up");
    container.signal("HUP");
    container.awaitOutput("hup");
    container.signal("USR1");
    container.awaitOutput("usr1");
    container.does("stop");
    container.awaitOutput("term");
    assertEquals("42", container.inspect(".State.ExitCode"));
    container.remove();
  }

  @Test
  void stopKillsWhoDoesNotListen() {
    Container container = Container.start(BUSYBOX, "sleep", "100000");
    container.does("stop", "-t", "1");
    assertEquals("137", container.inspect(".State.ExitCode"));
    container.remove();
  }

  @Test
  void pausedContainerStandsStill() {
    Container container =
        Container.start(
            BUSYBOX, "sh", "-c", "i=0; while true; do i=$((i+1)); echo $i >/tmp/n; done");
    long pid = container.pid();
    assertTrue(pid > 0, "pid " + pid);
    container.does("pause");
    assertEquals("paused", container.status());
    long before = cpuTime(container);
    // Docker itself is kept busy meanwhile
    docker().output("ps");
    docker().output("ps");
    assertEquals(before, cpuTime(container));
    container.does("unpause");
    assertEquals("running", container.status());
    Poll.until(() -> cpuTime(container), time -> time > before);
    container.remove();
  }

  /** Ticks that all processes of the container have used. */
  private static long cpuTime(Container container) {
    return docker().cgroups().processes(container.id()).stream()
        .mapToLong(HostProcess::ticks)
        .sum();
  }

  @Test
  void restartGivesANewProcessAndKeepsTheFiles() {
    Container container =
        Container.start(
            BUSYBOX, "sh", "-c", "echo start >>/tmp/starts; cat /tmp/starts; exec sleep 100000");
    container.awaitOutput("start\n");
    long first = container.pid();
    container.does("restart", "-t", "0");
    container.awaitOutput("start\nstart\nstart\n");
    assertNotEquals(first, container.pid());
    container.remove();
  }

  @Test
  void restartPolicyOnFailureCountsAndGivesUp() {
    Container container =
        Container.start("--restart", "on-failure:2", BUSYBOX, "sh", "-c", "echo x; exit 3");
    Poll.until(container::status, "exited"::equals);
    assertEquals("2", container.inspect(".RestartCount"));
    assertEquals("x\nx\nx\n", container.logs().out());
    container.remove();
  }

  @Test
  void restartPolicyAlwaysSurvivesAKill() {
    Container container = Container.start("--restart", "always", BUSYBOX, "sleep", "100000");
    long first = container.pid();
    docker().enclosure().run("kill", "-9", "" + first).expect(0);
    Poll.until(container::pid, pid -> pid != first && pid != 0);
    container.remove();
  }

  @Test
  void waitGivesTheCodeToAllWhoWait() {
    Container container = Container.start("-i", BUSYBOX, "sh", "-c", "read x; exit 6");
    List<Execution> waiting =
        List.of(docker().start("wait", container.id()), docker().start("wait", container.id()));
    Execution attached = docker().startOpen("attach", container.id());
    attached.type("go\n");
    waiting.forEach(client -> assertEquals("6\n", client.await(LIMIT).out()));
    attached.await(LIMIT).expect(6);
    container.remove();
  }

  @Test
  void logsAreFollowedToTheEnd() {
    Container container =
        Container.start(BUSYBOX, "sh", "-c", "echo 1; echo 2 >&2; usleep 300000; echo 3");
    var followed = container.follow().await(LIMIT).expect(0);
    assertEquals("1\n3\n", followed.out());
    assertEquals("2\n", followed.err());
    container.remove();
  }

  @Test
  void renamedContainerIsFoundByItsNewName() {
    Container container = Container.idle("--name", "old-name");
    docker().run("rename", "old-name", "new-name").expect(0);
    assertEquals(container.id(), docker().output("inspect", "-f", "{{.Id}}", "new-name"));
    docker().run("exec", "new-name", "true").expect(0);
    container.remove();
  }

  @Test
  void eventsComeInOrder() {
    Execution events =
        docker().start("events", "--filter", "label=watched", "--format", "{{.Type}} {{.Action}}");
    // made without being started, until the client has subscribed
    Poll.until(
        () -> {
          Container.create("--label", "watched", BUSYBOX, "true").remove();
          return events.shown();
        },
        shown -> shown.contains("destroy"));
    int before = events.shown().length();
    docker().run("run", "--rm", "--label", "watched", BUSYBOX, "true").expect(0);
    Poll.until(() -> events.shown().substring(before), shown -> shown.contains("destroy"));
    Container container = Container.idle("--label", "watched");
    container.exec("sh", "-c", "exit 2").expect(2);
    container.does("pause");
    container.does("unpause");
    container.signal("KILL");
    container.await();
    container.remove();
    String all =
        Poll.until(
            () -> events.shown().substring(before).replaceAll("container ", ""),
            shown -> shown.indexOf("destroy") != shown.lastIndexOf("destroy"));
    events.process().descendants().forEach(ProcessHandle::destroy);
    events.await(LIMIT);
    assertEquals(
        """
        create
        attach
        start
        die
        destroy
        create
        start
        exec_create: sh -c exit 2
        exec_start: sh -c exit 2
        exec_die
        pause
        unpause
        kill
        die
        destroy
        """,
        all);
  }

  @Test
  void healthCheckIsRun() {
    Container container =
        Container.idle(
            "--health-cmd",
            "test -e /tmp/well",
            "--health-interval",
            "200ms",
            "--health-retries",
            "1");
    Poll.until(() -> container.inspect(".State.Health.Status"), "unhealthy"::equals);
    container.shell("touch /tmp/well");
    Poll.until(() -> container.inspect(".State.Health.Status"), "healthy"::equals);
    container.remove();
  }
}
