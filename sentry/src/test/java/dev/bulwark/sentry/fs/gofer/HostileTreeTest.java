package dev.bulwark.sentry.fs.gofer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostPath;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.InodeFile;
import dev.bulwark.sentry.vfs.Names;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Tree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trees as an image or a volume may bring them. */
@Timeout(60)
class HostileTreeTest {
  private static final long GIB = 1L << 30;

  @TempDir private Path outer;
  private Path host;
  private LiveGofer gofer;
  private Tree tree;

  @BeforeEach
  void serve() throws Exception {
    host = Files.createDirectory(outer.resolve("root"));
    Files.writeString(outer.resolve("secret"), "outside");
    gofer = LiveGofer.shared(host);
    tree = new Tree(gofer.system);
  }

  @AfterEach
  void stop() {
    gofer.close();
  }

  @Test
  void linksThatLeadOutsideEndAtTheRoot() throws Exception {
    Files.createSymbolicLink(host.resolve("up"), Path.of("../secret"));
    Files.createSymbolicLink(host.resolve("absolute"), outer.resolve("secret"));
    Files.createSymbolicLink(host.resolve("above"), Path.of(".."));
    Files.createSymbolicLink(host.resolve("magic"), Path.of("/proc/self/root"));
    Tree.fails(Errno.ENOENT, () -> tree.read("/up"));
    Tree.fails(Errno.ENOENT, () -> tree.read("/absolute"));
    Tree.fails(Errno.ENOENT, () -> tree.read("/above/secret"));
    Tree.fails(Errno.ENOENT, () -> tree.find("/magic"));
    assertEquals(List.of("above", "absolute", "magic", "up"), tree.list("/above"));
  }

  @Test
  void directoriesThatBecomeLinksAreNotFollowed() throws Exception {
    Files.createDirectory(host.resolve("d"));
    Files.writeString(host.resolve("d/secret"), "inside");
    Thread swapper =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    Files.createSymbolicLink(host.resolve("link"), Path.of(".."));
                    for (int i = 0; i < 2000; i++) {
                      Files.move(host.resolve("d"), host.resolve("kept"));
                      Files.move(host.resolve("link"), host.resolve("d"));
                      Files.move(host.resolve("d"), host.resolve("link"));
                      Files.move(host.resolve("kept"), host.resolve("d"));
                    }
                  } catch (java.io.IOException e) {
                    throw new AssertionError(e);
                  }
                });
    while (swapper.isAlive()) {
      gofer.system.expire();
      try {
        assertEquals("inside", tree.read("/d/secret"));
      } catch (ErrnoException e) {
        assertTrue(List.of(Errno.ENOENT, Errno.ESTALE, Errno.ENOTDIR).contains(e.errno()));
      }
    }
  }

  @Test
  void largeSparseFile() throws Exception {
    Path file = host.resolve("sparse");
    try (var channel =
        java.nio.channels.FileChannel.open(
            file,
            java.nio.file.StandardOpenOption.CREATE_NEW,
            java.nio.file.StandardOpenOption.WRITE,
            java.nio.file.StandardOpenOption.SPARSE)) {
      channel.write(
          java.nio.ByteBuffer.wrap("middle".getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
          3 * GIB);
      channel.write(java.nio.ByteBuffer.wrap(new byte[] {'e'}), 5 * GIB - 1);
    }
    assertEquals(5 * GIB, tree.stat("/sparse").size());
    assertTrue(tree.stat("/sparse").blocks() < 1000);
    try (FileDescription open = tree.open("/sparse", OpenFlags.RDONLY)) {
      assertEquals("middle", Tree.read(open, 6, 3 * GIB));
      assertEquals("\0\0", Tree.read(open, 2, 4 * GIB));
      assertEquals(3 * GIB, open.seek(0, InodeFile.SEEK_DATA));
      assertTrue(open.seek(3 * GIB, InodeFile.SEEK_HOLE) < 4 * GIB);
      assertEquals(0, open.seek(0, InodeFile.SEEK_HOLE));
      assertEquals(5 * GIB, open.seek(0, InodeFile.SEEK_END));
      assertEquals(-Errno.ENXIO, open.seek(5 * GIB, InodeFile.SEEK_DATA));
    }
  }

  @Test
  void namesOfAllBytesAndLengths() throws Exception {
    String longest = "\u00ff".repeat(255);
    String invalid = "\u00c3( \n\u0001\u0080";
    tree.write("/" + longest, "1");
    tree.write("/" + invalid, "2");
    assertEquals("1", tree.read("/" + longest));
    assertEquals(List.of(invalid, longest), tree.list("/").stream().sorted().toList());
    Tree.fails(Errno.ENAMETOOLONG, () -> tree.find("/" + longest + "x"));
    tree.rename("/" + invalid, "/" + "y".repeat(255), 0);
    assertEquals("2", tree.read("/" + "y".repeat(255)));
  }

  @Test
  void deeperThanAnyPath() throws Exception {
    String name = "d".repeat(200);
    int depth = 40; // 8,000 bytes, twice PATH_MAX
    for (int i = 0; i < depth; i++) {
      tree.mkdir(name);
      tree.fs.setCwd(tree.find(name));
    }
    tree.write("bottom", "deep");
    gofer.system.expire();
    assertEquals("deep", tree.read("bottom"));
    for (int i = depth; i > 0; i--) {
      tree.fs.setCwd(tree.find(".."));
    }
    assertEquals(List.of(name), tree.list("."));
    String path = "";
    for (int i = 0; i < 19; i++) {
      path += "/" + name;
    }
    assertEquals(List.of(name), tree.list(path));
    // The test's own clean-up works with paths, which cannot be that long.
    tree.fs.setCwd(tree.find(path));
    for (int i = 19; i < depth; i++) {
      tree.fs.setCwd(tree.find(name));
    }
    tree.unlink("bottom");
    for (int i = depth; i > 0; i--) {
      tree.fs.setCwd(tree.find(".."));
      tree.rmdir(name);
    }
  }

  @Test
  void devicesOfTheHostAreNotOpened() throws Exception {
    int directory = (int) HostPath.openAt(HostPath.AT_FDCWD, host.toString(), HostPath.O_PATH, 0);
    assertEquals(0, HostPath.mknodAt(directory, "mem", Attributes.CHARACTER | 0666, 0x101));
    assertEquals(0, HostPath.mknodAt(directory, "disk", Attributes.BLOCK | 0666, 0x800));
    assertEquals(0, HostPath.mknodAt(directory, "null", Attributes.CHARACTER | 0666, 0x103));
    HostFile.close(directory);
    assertEquals(0x101, tree.stat("/mem").special());
    for (String path : List.of("/mem", "/disk", "/null")) {
      // Whatever they are, it is the Sentry's devices that answer; here there are none.
      Tree.fails(Errno.ENXIO, () -> tree.open(path, OpenFlags.RDONLY));
    }
    Names.mknod(tree.walk(), "/zero", Attributes.CHARACTER | 0644, 0x105);
    assertEquals(0x105, tree.stat("/zero").special());
    Tree.fails(
        Errno.EPERM, () -> Names.mknod(tree.walk(), "/x", Attributes.CHARACTER | 0644, 0x102));
    Tree.fails(Errno.EPERM, () -> Names.mknod(tree.walk(), "/x", Attributes.BLOCK | 0644, 0x105));
    tree.who = Credentials.of(0, 0, new int[0], 0);
    Tree.fails(
        Errno.EPERM, () -> Names.mknod(tree.walk(), "/x", Attributes.CHARACTER | 0644, 0x105));
  }
}
