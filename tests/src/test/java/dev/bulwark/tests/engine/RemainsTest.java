package dev.bulwark.tests.engine;

import static dev.bulwark.tests.engine.Images.BUSYBOX;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tests.Execution;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is left when a process of a container is killed, and after many containers: nothing. */
class RemainsTest extends DockerTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  /** What of a container is in its cgroups. */
  private static List<HostProcess> processes(Container container) {
    return docker().cgroups().processes(container.id()).stream()
        .sorted(Comparator.comparingLong(HostProcess::pid))
        .toList();
  }

  @Test
  void whicheverProcessIsKilledTheRestIsRemoved() {
    int count = 1;
    for (int victim = 0; victim < count; victim++) {
      Container container = Container.idle();
      docker().run("exec", "-d", container.id(), "sleep", "100000").expect(0);
      List<HostProcess> processes = processes(container);
      // another start may have one process more or less
      count = Math.min(processes.size(), 12);
      assertTrue(count >= 1, "no process is in the cgroup of " + container);
      if (victim < count) {
        String killed = processes.get(victim).toString();
        processes.get(victim).kill();
        container.remove();
        assertDoesNotThrow(SharedDocker::clean, "after the death of " + killed);
      } else {
        container.remove();
      }
    }
  }

  @Test
  void deathOfTheShimIsSurvived() {
    Container container = Container.idle();
    HostProcess shim =
        docker().enclosure().processes().stream()
            .filter(process -> process.commandLine().contains("containerd-shim"))
            .filter(process -> process.commandLine().contains(container.id()))
            .findFirst()
            .orElseThrow();
    shim.kill();
    Poll.until(container::status, status -> !status.equals("running"));
    container.remove();
    // its socket is nobody's business any more, with any runtime
    docker().enclosure().run("sh", "-c", "rm /run/containerd/s/*").expect(0);
  }

  @Test
  void startsAndStopsLeaveNothing() {
    // the daemons keep connections and buffers for as many clients as there once were
    together(8);
    together(8);
    SharedDocker.clean();
    List<HostProcess> daemons = docker().enclosure().processes();
    Descriptors before = Descriptors.of(daemons);
    for (int i = 0; i < 5; i++) {
      together(4);
    }
    SharedDocker.clean();
    // With runc as well, connections come and go, by up to eight; one left by each were 20.
    Poll.until(
        () -> Descriptors.of(daemons),
        now -> now.others() <= before.others() && now.sockets() < before.sockets() + 10);
  }

  private static void together(int number) {
    List<Execution> all =
        IntStream.range(0, number)
            .mapToObj(n -> docker().start("run", "--rm", BUSYBOX, "sh", "-c", "exit " + n))
            .toList();
    for (int n = 0; n < number; n++) {
      all.get(n).await(LIMIT).expect(n);
    }
  }

  /**
   * What processes have open.
   *
   * @param others files, pipes, event queues, namespaces
   */
  private record Descriptors(long sockets, long others) {

    static Descriptors of(List<HostProcess> processes) {
      List<String> all =
          processes.stream().flatMap(process -> process.descriptors().stream()).toList();
      long sockets = all.stream().filter(target -> target.startsWith("socket:")).count();
      return new Descriptors(sockets, all.size() - sockets);
    }
  }
}
