package dev.bulwark.sentry.fs.gofer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostIo;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.InodeFile;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Tree;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others do to a shared tree is seen inside. */
@Timeout(60)
class SharedTreeTest {
  @TempDir private Path host;
  private LiveGofer gofer;
  private Tree tree;

  @BeforeEach
  void serve() throws Exception {
    gofer = LiveGofer.shared(host);
    tree = new Tree(gofer.system);
  }

  @AfterEach
  void stop() {
    gofer.close();
  }

  /** Waits until something is so. */
  private static void sooner(Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      Thread.onSpinWait();
    }
  }

  private boolean exists(String path) throws ErrnoException {
    try {
      tree.find(path);
      return true;
    } catch (ErrnoException e) {
      assertEquals(Errno.ENOENT, e.errno());
      return false;
    }
  }

  @Test
  void namesComeAndGo() throws Exception {
    Files.createDirectories(host.resolve("a/b"));
    Files.writeString(host.resolve("a/b/f"), "one");
    assertEquals("one", tree.read("/a/b/f"));
    assertTrue(!exists("/a/b/new"));
    Files.writeString(host.resolve("a/b/new"), "two");
    sooner(() -> exists("/a/b/new"));
    assertEquals("two", tree.read("/a/b/new"));
    Files.delete(host.resolve("a/b/f"));
    sooner(() -> !exists("/a/b/f"));
    Files.move(host.resolve("a/b"), host.resolve("a/c"));
    sooner(() -> !exists("/a/b"));
    assertEquals("two", tree.read("/a/c/new"));
    assertEquals(List.of("new"), tree.list("/a/c"));
  }

  @Test
  void contentsAreThoseOfTheHostAtOnce() throws Exception {
    Path file = Files.writeString(host.resolve("f"), "before");
    try (FileDescription open = tree.open("/f", OpenFlags.RDONLY)) {
      assertEquals("before", Tree.read(open, 100, 0));
      Files.writeString(file, "and after");
      assertEquals("and after", Tree.read(open, 100, 0));
      assertEquals(9, open.seek(0, InodeFile.SEEK_END));
      Files.writeString(file, "");
      assertEquals("", Tree.read(open, 100, 0));
      assertEquals(0, open.seek(0, InodeFile.SEEK_END));
    }
  }

  @Test
  void attributesFollow() throws Exception {
    Path file = Files.writeString(host.resolve("f"), "1234");
    assertEquals(4, tree.stat("/f").size());
    Files.writeString(file, "12345");
    sooner(() -> tree.stat("/f").size() == 5);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    tree.who = Tree.USER;
    sooner(
        () -> {
          try {
            tree.open("/f", OpenFlags.RDONLY).close();
            return false;
          } catch (ErrnoException e) {
            return e.errno() == Errno.EACCES;
          }
        });
  }

  @Test
  void replacedFileIsTheNewOne() throws Exception {
    Files.writeString(host.resolve("f"), "old");
    Files.writeString(host.resolve("next"), "new");
    try (FileDescription open = tree.open("/f", OpenFlags.RDONLY)) {
      Location was = tree.find("/f");
      Files.move(host.resolve("next"), host.resolve("f"), StandardCopyOption.REPLACE_EXISTING);
      sooner(() -> tree.read("/f").equals("new"));
      assertEquals("old", Tree.read(open, 100, 0));
      assertTrue(was.dentry().removed());
      assertEquals(0, open.attributes().links());
    }
  }

  @Test
  void ownChangesAreSeenAtOnce() throws Exception {
    tree.mkdir("/d");
    for (int i = 0; i < 300; i++) {
      assertTrue(!exists("/d/f"));
      tree.write("/d/f", "x".repeat(i));
      assertEquals(i, tree.stat("/d/f").size());
      assertEquals(List.of("f"), tree.list("/d"));
      tree.chmod("/d/f", 0600 | (i & 077));
      assertEquals(0600 | (i & 077), tree.stat("/d/f").mode() & 07777);
      tree.rename("/d/f", "/d/g", 0);
      assertTrue(!exists("/d/f"));
      assertEquals(i, tree.stat("/d/g").size());
      tree.unlink("/d/g");
      assertTrue(!exists("/d/g"));
    }
  }

  @Test
  void twoWhoAppendLoseNothing() throws Exception {
    Path file = Files.createFile(host.resolve("log"));
    int lines = 2000;
    Thread other =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    for (int i = 0; i < lines; i++) {
                      Files.writeString(file, "host\n", StandardOpenOption.APPEND);
                    }
                  } catch (java.io.IOException e) {
                    throw new AssertionError(e);
                  }
                });
    try (FileDescription open = tree.open("/log", OpenFlags.WRONLY | OpenFlags.APPEND)) {
      for (int i = 0; i < lines; i++) {
        assertEquals(4, Tree.write(open, "box\n", -1));
      }
    }
    other.join();
    List<String> all = Files.readAllLines(file);
    assertEquals(lines, all.stream().filter("box"::equals).count());
    assertEquals(lines, all.stream().filter("host"::equals).count());
  }

  @Test
  void cachedPathNeedsFewMessages() throws Exception {
    Files.createDirectories(host.resolve("a/b/c"));
    Files.writeString(host.resolve("a/b/c/f"), "x");
    tree.stat("/a/b/c/f");
    long before = gofer.client.messages();
    long start = System.nanoTime();
    int rounds = 0;
    do {
      tree.stat("/a/b/c/f");
      rounds++;
    } while (System.nanoTime() - start < 1_200_000_000L || rounds < 1000);
    // One for the root's attributes and one for the whole path, whenever half a second is over.
    long spent = 2 * ((System.nanoTime() - start) / 500_000_000L + 2);
    assertTrue(gofer.client.messages() - before <= spent, () -> "too many messages");
  }

  @Test
  void aFileCanBeTheRoot() throws Exception {
    Path file = Files.writeString(host.resolve("hosts"), "127.0.0.1 localhost\n");
    try (LiveGofer single = LiveGofer.shared(file)) {
      Tree over = new Tree();
      over.write("/hosts", "below");
      over.mounts.mount(over.find("/hosts"), single.system.rootDentry(), 0, "hosts");
      assertEquals("127.0.0.1 localhost\n", over.read("/hosts"));
      over.write("/hosts", "changed\n");
      assertEquals("changed\n", Files.readString(file));
      Tree.fails(Errno.EBUSY, () -> over.unlink("/hosts"));
      over.mounts.unmount(over.find("/hosts").mount(), false);
      assertEquals("below", over.read("/hosts"));
    }
  }

  @Test
  void aSocketOfTheHostIsConnectedToWhereItWasGiven() throws Exception {
    Path path = host.resolve("x.sock");
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(path));
      Tree.fails(
          Errno.ECONNREFUSED, () -> tree.find("/x.sock").inode().connectToHost(1, Tree.ROOT));
      try (LiveGofer single = LiveGofer.shared(path)) {
        Tree over = new Tree();
        over.write("/sock", "");
        over.mounts.mount(over.find("/sock"), single.system.rootDentry(), 0, "sock");
        int fd = over.find("/sock").inode().connectToHost(1, Tree.ROOT);
        HostIo.writeFully(fd, new byte[] {7});
        HostFile.close(fd);
        try (SocketChannel accepted = listener.accept()) {
          assertEquals(1, accepted.read(ByteBuffer.allocate(4)));
        }
      }
    }
  }
}
