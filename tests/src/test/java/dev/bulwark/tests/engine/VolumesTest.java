package dev.bulwark.tests.engine;

import static dev.bulwark.tests.engine.Images.BUSYBOX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tests.Execution;
import dev.bulwark.tests.Result;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Volumes, bind mounts, tmpfs, read-only roots. */
class VolumesTest extends DockerTest {
  private static Path directory = Path.of("");

  @BeforeAll
  static void makeDirectory() throws IOException {
    directory = Files.createTempDirectory(docker().enclosure().directory(), "volumes");
  }

  private static Path fresh() throws IOException {
    return Files.createTempDirectory(directory, "bind");
  }

  private static Result shell(String script, String... options) {
    List<String> all =
        Stream.of(
                Stream.of("run", "--rm"),
                Stream.of(options),
                Stream.of(BUSYBOX, "sh", "-c", script))
            .flatMap(words -> words)
            .toList();
    return docker().run(all.toArray(String[]::new));
  }

  @Test
  void bindMountShowsEachSideTheOthersChanges() throws IOException {
    Path host = fresh();
    Files.writeString(host.resolve("before"), "old\n");
    Container container = Container.idle("-v", host + ":/mnt");
    assertEquals("old", container.shell("cat /mnt/before"));
    container.shell("echo inside >/mnt/inside; mkdir /mnt/d; mv /mnt/before /mnt/d/moved");
    assertEquals("inside\n", Files.readString(host.resolve("inside")));
    assertEquals("old\n", Files.readString(host.resolve("d/moved")));
    // names that the container has seen missing, sizes and contents that it has seen
    container.shell("test ! -e /mnt/late; stat /mnt/inside >/dev/null; ls /mnt >/dev/null");
    Files.writeString(host.resolve("late"), "late\n");
    Files.writeString(host.resolve("inside"), "longer than it was\n");
    Files.delete(host.resolve("d/moved"));
    Poll.until(
        () ->
            container.shell(
                "cat /mnt/late /mnt/inside; stat -c %s /mnt/inside; echo $(ls /mnt);"
                    + " test -e /mnt/d/moved || echo none"),
        "late\nlonger than it was\n19\nd inside late\nnone"::equals);
    container.remove();
  }

  @Test
  void watcherInsideHearsOfTheHostsChanges() throws IOException {
    Path host = fresh();
    Images.makeDebian(docker());
    Execution watcher =
        docker()
            .start("run", "--rm", "-v", host + ":/mnt", Images.DEBIAN, "python3", "-uc", WATCHER);
    watcher.awaitOutput("watching\n", Duration.ofSeconds(60));
    Files.writeString(host.resolve("made-by-the-host"), "x");
    assertEquals(
        "watching\nmade-by-the-host\n", watcher.await(Duration.ofSeconds(60)).expect(0).out());
  }

  /** Watches /mnt for a new name (IN_CREATE), and prints the first. */
  private static final String WATCHER =
      """
      import ctypes, os
      libc = ctypes.CDLL(None)
      fd = libc.inotify_init1(0)
      libc.inotify_add_watch(fd, b'/mnt', 0x100)
      print('watching')
      print(os.read(fd, 4096)[16:].rstrip(b'\\0').decode())
      """;

  @Test
  void readOnlyBindMountRefusesWrites() throws IOException {
    Path host = fresh();
    Files.writeString(host.resolve("file"), "kept");
    Result result =
        shell(
                "cat /mnt/file; echo x >/mnt/file; rm /mnt/file; touch /mnt/new",
                "-v",
                host + ":/mnt:ro")
            .expect(1);
    assertEquals("kept", result.out());
    assertEquals(
        3,
        result.err().lines().filter(line -> line.contains("Read-only file system")).count(),
        result.toString());
    assertEquals("kept", Files.readString(host.resolve("file")));
  }

  @Test
  void singleFileIsMountedOverOne() throws IOException {
    Path file = fresh().resolve("file");
    Files.writeString(file, "mounted\n");
    Result result =
        shell(
                "cat /etc/passwd; echo more >>/etc/passwd; mv /etc/passwd /etc/p 2>&1",
                "-v",
                file + ":/etc/passwd")
            .expect(1);
    assertTrue(
        result.out().startsWith("mounted\n") && result.out().contains("busy"), result.toString());
    assertEquals("mounted\nmore\n", Files.readString(file));
  }

  @Test
  void socketOfTheHostIsConnectedTo() throws Exception {
    Path path = fresh().resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      Images.makeDebian(docker());
      String connect =
          "import socket; s = socket.socket(socket.AF_UNIX); s.connect('/s'); print(s.recv(99).decode(), end='')";
      Execution client =
          docker()
              .start("run", "--rm", "-v", path + ":/s", Images.DEBIAN, "python3", "-c", connect);
      Thread.ofPlatform().daemon().start(() -> greet(server));
      assertEquals("from the host\n", client.await(Duration.ofSeconds(60)).expect(0).out());
    }
  }

  private static void greet(ServerSocketChannel server) {
    try (SocketChannel peer = server.accept()) {
      peer.write(ByteBuffer.wrap("from the host\n".getBytes(StandardCharsets.ISO_8859_1)));
    } catch (IOException e) {
      return; // nobody came
    }
  }

  @Test
  void namedVolumeKeepsWhatContainersWrite() {
    shell("echo kept >/v/file; chown 3:4 /v/file", "-v", "kept:/v").expect(0);
    assertEquals(
        "kept\n3:4\n",
        shell("cat /v/file; stat -c %u:%g /v/file", "-v", "kept:/v").expect(0).out());
    // what an image has below the mount point is copied into a new volume
    assertTrue(shell("cat /etc/passwd", "-v", "copied:/etc").expect(0).out().startsWith("root:"));
    docker().run("volume", "rm", "kept", "copied").expect(0);
  }

  @Test
  void volumesOfAnotherContainerAreShared() {
    Container first = Container.idle("-v", "/shared");
    Container second = Container.idle("--volumes-from", first.id());
    first.shell("echo hello >/shared/file");
    assertEquals("hello", second.shell("cat /shared/file"));
    second.shell("echo world >/shared/file");
    assertEquals("world", first.shell("cat /shared/file"));
    second.remove();
    first.remove();
  }

  @Test
  void readOnlyRootWithTmpfs() {
    Result result =
        shell(
                "echo x >/file; mkdir /d; echo x >/scratch/file && cat /scratch/file; echo y >/dev/shm/s && cat /dev/shm/s;"
                    + " dd if=/dev/zero of=/scratch/big bs=1M count=8 2>&1 | grep -o 'No space left.*';"
                    + " grep ' /scratch ' /proc/mounts; stat -c %a /scratch",
                "--read-only", "--tmpfs", "/scratch:size=4m,mode=700,noexec")
            .expect(0);
    assertEquals(
        2,
        result.err().lines().filter(line -> line.contains("Read-only file system")).count(),
        result.toString());
    assertTrue(
        result.out().startsWith("x\ny\nNo space left on device\ntmpfs /scratch tmpfs rw,"),
        result.toString());
    assertTrue(
        result.out().contains("noexec") && result.out().endsWith("\n700\n"), result.toString());
  }

  @Test
  void mountsInMountsComeInOrder() throws IOException {
    Path outer = fresh();
    Path inner = fresh();
    Files.createDirectory(outer.resolve("in"));
    Files.writeString(inner.resolve("file"), "inner\n");
    assertEquals(
        "inner\ntmp\n",
        shell(
                "cat /o/in/file; mkdir /o/in/t/x; ls -d /o/in/t/x >/dev/null && echo tmp",
                "-v",
                outer + ":/o",
                "-v",
                inner + ":/o/in",
                "--tmpfs",
                "/o/in/t")
            .expect(0)
            .out());
    assertTrue(Files.isDirectory(inner.resolve("t")) && !Files.exists(inner.resolve("t/x")));
  }

  @Test
  void hugeSparseFileAndManyFilesAreNoBurden() throws IOException {
    Path host = fresh();
    Path many = Files.createDirectory(host.resolve("many"));
    for (int i = 0; i < 100_000; i++) {
      Files.createFile(many.resolve("file" + i));
    }
    Result result =
        shell(
                """
                cd /mnt
                truncate -s 4G sparse && stat -c '%s' sparse
                printf end | dd of=sparse bs=1 seek=4294967290 conv=notrunc 2>/dev/null
                tail -c 6 sparse | tr '\\0' 0; echo
                du -k sparse | awk '{ print $1 < 1000 }'
                cd many
                ls | wc -l
                find . -name 'file*99999' | wc -l
                ls -l file77777 | wc -l
                rm file1*; ls | wc -l
                """,
                "-v", host + ":/mnt")
            .expect(0);
    assertEquals("4294967296\nend000\n1\n100000\n1\n1\n88889\n", result.out());
  }

  @Test
  void namesAreBytes() throws IOException {
    Path host = fresh();
    String name = "n".repeat(255);
    Result result =
        shell(
                "cd /mnt && touch %1$s && rm %1$s && ! touch %1$sx 2>/dev/null".formatted(name)
                    + " && b=$(printf 'b\\377\\376\\n\\tb') && echo bytes >\"$b\" && cat b* && printf %s b* | od -c | head -n 1"
                    + " && mkdir \"d$b\" && mv \"$b\" \"d$b\" && find . -type f -exec cat {} +",
                "-v",
                host + ":/mnt")
            .expect(0);
    assertEquals("bytes\n0000000   b 377 376  \\n  \\t   b\nbytes\n", result.out());
  }
}
