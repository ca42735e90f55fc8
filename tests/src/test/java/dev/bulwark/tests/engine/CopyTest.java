package dev.bulwark.tests.engine;

import static dev.bulwark.tests.engine.Images.BUSYBOX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * What the engine sees of a container's files: {@code docker cp}, {@code diff}, {@code commit},
 * {@code export}.
 */
class CopyTest extends DockerTest {

  /** A directory of the host that the enclosure sees under the same path. */
  private static Path directory() throws IOException {
    return Files.createTempDirectory(docker().enclosure().directory(), "copy");
  }

  @Test
  void filesAreCopiedBothWaysWhileItRuns() throws IOException {
    Path directory = directory();
    Container container = Container.idle();
    container.shell(
        "mkdir -p /data/deep; echo inside >/data/deep/file; ln -s deep/file /data/link; chmod 640 /data/deep/file");
    docker().run("cp", container.id() + ":/data", directory.toString()).expect(0);
    assertEquals("inside\n", Files.readString(directory.resolve("data/deep/file")));
    assertEquals("deep/file", Files.readSymbolicLink(directory.resolve("data/link")).toString());
    Files.writeString(directory.resolve("sent"), "outside\n");
    docker().run("cp", directory + "/sent", container.id() + ":/data/deep/").expect(0);
    container.awaitFile("/data/deep/sent", "outside\n");
    Files.writeString(directory.resolve("sent"), "changed outside\n");
    docker().run("cp", directory + "/sent", container.id() + ":/data/deep/file").expect(0);
    container.awaitFile("/data/deep/file", "changed outside\n");
    container.shell("test ! -e /data/new");
    docker().run("cp", directory + "/data/.", container.id() + ":/data/new").expect(0);
    container.awaitFile("/data/new/deep/file", "inside\n");
    container.remove();
  }

  @Test
  void writesOutliveTheProcessAndAreCommitted() throws IOException {
    Path directory = directory();
    Container container =
        Container.start(
            BUSYBOX,
            "sh",
            "-c",
            "echo one >/added; echo two >>/etc/passwd; rm /usr/bin/yes; mkdir /empty; chown 1:2 /added; mkfifo /pipe");
    assertEquals(0, container.await());
    String changes = container.does("diff");
    for (String line :
        new String[] {
          "A /added",
          "A /empty",
          "A /pipe",
          "C /etc/passwd",
          "D /usr/bin/yes",
          "C /usr",
          "C /usr/bin",
          "C /etc"
        }) {
      assertTrue(changes.lines().anyMatch(line::equals), line + " is missing in " + changes);
    }
    assertEquals(8, changes.lines().count(), changes);
    docker().run("cp", container.id() + ":/added", directory.toString()).expect(0);
    assertEquals("one\n", Files.readString(directory.resolve("added")));
    docker().run("commit", container.id(), "committed").expect(0);
    container.remove();
    String shown =
        docker()
            .output(
                "run",
                "--rm",
                "committed",
                "sh",
                "-c",
                "cat /added; tail -n 1 /etc/passwd; stat -c %u:%g /added; test ! -e /usr/bin/yes && echo gone; test -p /pipe && echo pipe");
    assertEquals("one\ntwo\n1:2\ngone\npipe", shown);
    docker().run("rmi", "committed").expect(0);
  }

  @Test
  void exportHoldsWhatWasWritten() throws IOException {
    Path directory = directory();
    Container container = Container.idle();
    container.shell("mkdir /x; echo exported >/x/f; ln /x/f /x/hard");
    container.does("export", "-o", directory + "/all.tar");
    docker().shell("cd " + directory + " && tar xf all.tar x");
    assertEquals("exported\n", Files.readString(directory.resolve("x/f")));
    assertEquals(
        Files.getAttribute(directory.resolve("x/f"), "unix:ino"),
        Files.getAttribute(directory.resolve("x/hard"), "unix:ino"));
    container.remove();
  }
}
