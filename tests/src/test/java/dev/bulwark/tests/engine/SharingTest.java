package dev.bulwark.tests.engine;

import static dev.bulwark.tests.engine.Images.BUSYBOX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulwark.tests.Result;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What containers share with the host, with each other, and what they get of its devices. */
class SharingTest extends DockerTest {
  private static final long NET_ADMIN = 1L << 12;
  private static final long SYS_MODULE = 1L << 16;
  private static final long SYS_PTRACE = 1L << 19;
  private static final long SYS_ADMIN = 1L << 21;

  private static Result run(List<String> options, String script) {
    List<String> all = new ArrayList<>(List.of("run", "--rm"));
    all.addAll(options);
    all.addAll(List.of(BUSYBOX, "sh", "-c", script));
    return docker().run(all.toArray(String[]::new));
  }

  @Test
  void hostNameOfTheHostIsShared() {
    String host = run(List.of("--uts", "host"), "hostname").expect(0).out();
    assertEquals(docker().output("info", "-f", "{{.Name}}") + "\n", host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--pid", "--ipc"})
  void namespacesOfOthersAreRefusedByName(String option) {
    assumeTrue(RuntimeBinary.isBulwark(), "runc joins them");
    Container other = Container.idle("--ipc", "shareable");
    Result joined = run(List.of(option, "container:" + other.id()), "true");
    assertTrue(joined.err().contains(option + "=container:ID"), joined.toString());
    Result host = run(List.of(option, "host"), "true");
    assertTrue(host.err().contains(option + "=host"), host.toString());
    assertEquals(List.of(125, 125), List.of(joined.exitCode(), host.exitCode()));
    other.remove();
  }

  @Test
  void privilegedContainerHasAllCapabilitiesAndWhatItMounts() {
    Result result =
        run(
                List.of("--privileged"),
                "grep CapEff /proc/self/status | cut -f2; mkdir /mnt && mount -t tmpfs none /mnt && echo mounted;"
                    + " test -c /dev/null && echo null")
            .expect(0);
    List<String> lines = result.out().lines().toList();
    assertEquals(3, lines.size(), result.toString());
    // All that the daemon has, which may be fewer than there are.
    long most = SYS_ADMIN | NET_ADMIN | SYS_PTRACE | SYS_MODULE;
    assertEquals(most, Long.parseUnsignedLong(lines.getFirst(), 16) & most, result.toString());
    assertEquals(List.of("mounted", "null"), lines.subList(1, 3));
  }

  @Test
  void deviceOfTheSandboxIsMadeWhereItIsAskedFor() {
    Result result =
        run(
                List.of("--device", "/dev/zero:/dev/nothing"),
                "head -c 4 /dev/nothing | od -An -tx1; stat -c '%t:%T' /dev/nothing")
            .expect(0);
    assertEquals(" 00 00 00 00\n1:5\n", result.out());
  }
}
