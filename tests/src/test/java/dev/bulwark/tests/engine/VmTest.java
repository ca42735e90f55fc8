package dev.bulwark.tests.engine;

import static dev.bulwark.tests.engine.Images.BUSYBOX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulwark.tests.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Containers of Docker in virtual machines, under the runtime's second name. Few, because each
 * boots a kernel where machines are emulated.
 */
class VmTest extends DockerTest {
  private static final String RUNTIME = "--runtime=" + RuntimeBinary.NAME_OF_MACHINES;

  @BeforeEach
  void onlyBulwarkHasMachines() {
    assumeTrue(RuntimeBinary.isBulwark(), "runc has no machines");
  }

  @Test
  void containerHasAKernelOfItsOwnAndDockersFilesAndVolumes() throws Exception {
    Path directory = Files.createTempDirectory(docker().enclosure().directory(), "volume");
    String script =
        "uname -r; cat /etc/hostname; read line; echo $line in $A; echo x >/data/file;"
            + " echo y >/made && cat /made; exit 7";
    Result result =
        docker()
            .runWithInput(
                "word\n",
                "run",
                "--rm",
                "-i",
                RUNTIME,
                "--network=none",
                "--hostname=box",
                "-e",
                "A=b",
                "-v",
                directory + ":/data",
                BUSYBOX,
                "sh",
                "-c",
                script)
            .expect(7);
    String[] lines = result.out().split("\n", -1);
    assertFalse(lines[0].equals(System.getProperty("os.version")), result.toString());
    assertEquals("box", lines[1]);
    assertEquals("word in b", lines[2]);
    assertEquals("y", lines[3]);
    assertEquals("x\n", Files.readString(directory.resolve("file")));
  }

  @Test
  void networkThatAMachineDoesNotReachIsRefusedByTheNameOfItsInterface() {
    Result refused = docker().run("run", "--rm", RUNTIME, BUSYBOX, "true");
    assertTrue(refused.exitCode() != 0, refused.toString());
    assertTrue(refused.err().contains("has the interface eth0"), refused.toString());
  }
}
