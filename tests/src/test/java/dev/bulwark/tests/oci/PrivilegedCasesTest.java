package dev.bulwark.tests.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.bulwark.tests.Cases;
import dev.bulwark.tests.Execution;
import dev.bulwark.tests.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Differential cases that need rights over the machine, in a container that has them. */
class PrivilegedCasesTest {
  @TempDir private Path directory;

  static List<String> cases() {
    return Cases.privileged();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void isTheSameInside(String name) throws Exception {
    String program = Cases.program(name);
    Result outside =
        Execution.start(List.of(program), Map.of(), "").await(Duration.ofMinutes(1)).expect(0);
    assertFalse(outside.out().isEmpty(), "the case shows nothing");
    Bundle bundle = Bundle.in(Files.createDirectory(directory.resolve("bundle")));
    Files.copy(Path.of(program), bundle.root().resolve("bin/case"));
    bundle
        .process(
            """
            "capabilities": {"bounding": %1$s, "permitted": %1$s, "effective": %1$s},
            """
                .formatted(
                    "[\"CAP_SYS_ADMIN\", \"CAP_SYS_CHROOT\", \"CAP_CHOWN\", \"CAP_FSETID\","
                        + " \"CAP_FOWNER\", \"CAP_DAC_OVERRIDE\", \"CAP_SETUID\","
                        + " \"CAP_SETGID\"]"))
        .command("/bin/case");
    OciRuntime.Result inside =
        new OciRuntime(directory)
            .run(
                "run",
                "--bundle",
                bundle.directory().toString(),
                "case-" + ProcessHandle.current().pid());
    assertEquals(outside.out(), inside.out());
    assertEquals(0, inside.code());
  }
}
