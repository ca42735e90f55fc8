package dev.bulwark.sentry.fs.overlay;

import static dev.bulwark.sentry.vfs.Tree.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.gofer.ServerLimits;
import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.fs.gofer.LiveGofer;
import dev.bulwark.sentry.fs.tmpfs.Tmpfs;
import dev.bulwark.sentry.mm.Mappable;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Names;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Tree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Changes in memory over files of the host, which stay as they are. */
@Timeout(60)
class OverlayOverGoferTest {
  private static final int F_GETFL = 3;

  @TempDir private Path host;
  private LiveGofer gofer;
  private Tree tree;
  private List<String> before;

  @BeforeEach
  void serve() throws Exception {
    Files.createDirectories(host.resolve("usr/lib/deep"));
    Files.writeString(host.resolve("usr/lib/deep/file"), "from the host");
    Files.writeString(host.resolve("usr/one"), "two names");
    Files.createLink(host.resolve("usr/other"), host.resolve("usr/one"));
    Files.createSymbolicLink(host.resolve("lib"), Path.of("usr/lib"));
    before = picture();
    gofer = new LiveGofer(host, true, ServerLimits.DEFAULT, 50);
    tree = new Tree(new OverlayFileSystem(gofer.system, new Tmpfs(64 << 20, 0755, 0, 0)));
  }

  @AfterEach
  void theHostIsAsItWas() throws Exception {
    gofer.close();
    assertEquals(before, picture());
  }

  private List<String> picture() throws Exception {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> all = Files.walk(host)) {
      for (Path path : (Iterable<Path>) all.sorted()::iterator) {
        boolean file = Files.isRegularFile(path);
        lines.add(
            path
                + " "
                + Files.getPosixFilePermissions(path)
                + Files.getLastModifiedTime(path)
                + (file ? Arrays.hashCode(Files.readAllBytes(path)) : ""));
      }
    }
    return lines;
  }

  @Test
  void changesStayInMemory() throws Exception {
    assertEquals("from the host", tree.read("/lib/deep/file"));
    tree.write("/lib/deep/file", "changed");
    assertEquals("changed", tree.read("/usr/lib/deep/file"));
    tree.write("/usr/lib/new", "made");
    assertEquals(List.of("deep", "new"), tree.list("/usr/lib"));
    tree.chmod("/usr", 0700);
    assertEquals(0700, tree.stat("/usr").mode() & 07777);
    tree.unlink("/lib");
    tree.mkdir("/lib");
    assertEquals(List.of(), tree.list("/lib"));
  }

  @Test
  void directoriesOfTheHostMoveWithAllThatIsInThem() throws Exception {
    tree.write("/usr/lib/deep/mine", "mine");
    tree.rename("/usr/lib", "/moved", 0);
    assertEquals("from the host", tree.read("/moved/deep/file"));
    assertEquals("mine", tree.read("/moved/deep/mine"));
    fails(Errno.ENOENT, () -> tree.stat("/usr/lib/deep/file"));
    fails(Errno.ENOENT, () -> tree.stat("/lib/deep"));
    tree.unlink("/moved/deep/file");
    tree.unlink("/moved/deep/mine");
    tree.rmdir("/moved/deep");
    assertEquals(List.of(), tree.list("/moved"));
    assertEquals(List.of("one", "other"), tree.list("/usr"));
  }

  @Test
  void allNamesOfAFileShowItsChange() throws Exception {
    tree.write("/usr/one", "written by one name");
    assertEquals("written by one name", tree.read("/usr/other"));
    Names.link(tree.find("/usr/other"), tree.walk(), "/third");
    assertEquals(3, tree.stat("/usr/one").links());
    assertEquals(tree.stat("/third").inode(), tree.stat("/usr/one").inode());
    tree.unlink("/usr/one");
    tree.unlink("/usr/other");
    assertEquals("written by one name", tree.read("/third"));
  }

  @Test
  void wholePathIsLookedUpAtOnce() throws Exception {
    long messages = gofer.client.messages();
    tree.stat("/usr/lib/deep/file");
    fails(Errno.ENOENT, () -> tree.stat("/usr/lib/deep/file2"));
    assertEquals(messages + 2, gofer.client.messages());
  }

  @Test
  void cachedPathNeedsNoGofer() throws Exception {
    assertEquals("from the host", tree.read("/lib/deep/file"));
    fails(Errno.ENOENT, () -> tree.stat("/usr/none"));
    long messages = gofer.client.messages();
    assertEquals("from the host", tree.read("/lib/deep/file"));
    tree.stat("/usr/lib/deep/file");
    fails(Errno.ENOENT, () -> tree.stat("/usr/none"));
    assertEquals(messages, gofer.client.messages());
  }

  @Test
  void whatIsInMemoryOutlivesTheGofer() throws Exception {
    tree.write("/usr/lib/deep/file", "changed");
    tree.mkdir("/new");
    gofer.kill();
    assertEquals("changed", tree.read("/usr/lib/deep/file"));
    tree.write("/new/file", "still possible");
    assertEquals("still possible", tree.read("/new/file"));
    fails(Errno.EIO, () -> tree.read("/usr/one"));
  }

  @Test
  void readersShareTheHostsPagesUntilSomebodyWrites() throws Exception {
    try (FileDescription reader = tree.open("/usr/lib/deep/file", OpenFlags.RDONLY)) {
      Mappable mapped = reader.mappable();
      mapped.mapped(1);
      int fd = mapped.hostFd(false);
      assertEquals(OpenFlags.RDONLY, HostCall.call(Sys.FCNTL, fd, F_GETFL) & OpenFlags.ACCESS_MODE);
      try (FileDescription writer = tree.open("/usr/lib/deep/file", OpenFlags.RDWR)) {
        assertEquals(4, Tree.write(writer, "copy", 0));
        assertEquals("copy the host", Tree.read(reader, 100, 0));
        Mappable copy = writer.mappable();
        copy.mapped(1);
        assertNotEquals(fd, copy.hostFd(true));
        copy.mapped(-1);
      }
      assertEquals(fd, mapped.hostFd(false));
      mapped.mapped(-1);
    }
  }

  @Test
  void largeFileIsCopiedWhole() throws Exception {
    byte[] bytes = new byte[5_000_001];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 >> 7);
    }
    Path large = host.resolve("large");
    Files.write(large, bytes);
    before = picture();
    try (FileDescription file = tree.open("/large", OpenFlags.RDWR)) {
      assertEquals(1, Tree.write(file, "!", bytes.length));
      assertEquals(bytes.length + 1, file.attributes().size());
      String end = Tree.read(file, 100_000, bytes.length - 50_000);
      byte[] expected = Arrays.copyOfRange(bytes, bytes.length - 50_000, bytes.length);
      assertArrayEquals(
          expected,
          end.substring(0, 50_000).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
      assertTrue(end.endsWith("!"));
    }
  }

  @Test
  void specialFilesOfTheHostAreOneObjectEach() throws Exception {
    Object endpoint = new Object();
    Names.mknod(tree.walk(), "/usr/fifo", 0010600, 0);
    tree.find("/usr/fifo").inode().setEndpoint(endpoint);
    assertSame(endpoint, tree.find("/usr/fifo").inode().endpoint());
    tree.rename("/usr/fifo", "/fifo", 0);
    assertSame(endpoint, tree.find("/fifo").inode().endpoint());
  }

  @Test
  void namesThatGoWhileADirectoryIsListedAreNoTrouble() throws Exception {
    Path many = Files.createDirectory(host.resolve("many"));
    for (int i = 0; i < 1000; i++) {
      Files.createFile(many.resolve("f" + i));
    }
    before = picture();
    List<String> names = tree.list("/many");
    assertEquals(1000, names.size());
    for (String name : names) {
      tree.unlink("/many/" + name);
    }
    tree.rmdir("/many");
    tree.mkdir("/many");
    assertEquals(List.of(), tree.list("/many"));
  }
}
