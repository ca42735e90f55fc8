package dev.bulwark.gofer;

import static dev.bulwark.gofer.Served.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.Statx;
import dev.bulwark.linux.Sys;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ServerTest {
  @TempDir private Path root;
  private Served served;
  private Client client;

  @BeforeEach
  void serve() throws Exception {
    Files.createDirectories(root.resolve("a/b/c"));
    Files.writeString(root.resolve("a/b/c/file"), "content");
    served = Served.writable(root);
    client = served.client;
  }

  @AfterEach
  void stop() throws Exception {
    served.close();
    assertTrue(served.log.isEmpty(), served.log::toString);
  }

  private static long read(int fd, byte[] into) {
    try (java.lang.foreign.Arena arena = java.lang.foreign.Arena.ofConfined()) {
      java.lang.foreign.MemorySegment m = arena.allocate(into.length);
      long n = HostCall.call(Sys.PREAD64, fd, m.address(), into.length, 0);
      java.lang.foreign.MemorySegment.copy(
          m, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, into, 0, (int) Math.max(0, n));
      return n;
    }
  }

  @Test
  void everyKindOfRequestHasSomebodyWhoCarriesItOut() {
    Set<Class<?>> withoutTheLock = Set.of(Request.Forget.class, Request.Sync.class);
    for (Class<?> kind : Request.class.getPermittedSubclasses()) {
      assertNotEquals(
          withoutTheLock.contains(kind), served.server.handlers().has(kind), kind.getSimpleName());
    }
  }

  @Test
  void sealedRootRefusesChangesForGood() throws Exception {
    client.makeDirectory(served.root, "before", 0755, 0, 0);
    client.seal(0);
    assertFails(Errno.EROFS, () -> client.makeDirectory(served.root, "after", 0755, 0, 0));
    assertFails(Errno.EINVAL, () -> client.seal(1));
  }

  @Test
  void walkFollowsSeveralNamesAndTellsOfEach() throws Exception {
    Client.Path path = client.walk(served.root, List.of("a", "b", "c", "file"));
    assertEquals(0, path.errno());
    assertEquals(4, path.nodes().size());
    assertEquals(Statx.DIRECTORY, path.nodes().get(1).attributes().type());
    FileAttributes file = path.nodes().get(3).attributes();
    assertEquals(Statx.REGULAR, file.type());
    assertEquals(7, file.size());
    assertEquals(Files.getAttribute(root.resolve("a/b/c/file"), "unix:ino"), file.inode());
  }

  @Test
  void walkEndsAtAMissingNameWithWhatWasFound() throws Exception {
    Client.Path path = client.walk(served.root, List.of("a", "none", "c"));
    assertEquals(1, path.nodes().size());
    assertEquals(Errno.ENOENT, path.errno());
  }

  @Test
  void walkEndsBehindALinkAndBehindAFile() throws Exception {
    Files.createSymbolicLink(root.resolve("link"), Path.of("a"));
    Client.Path path = client.walk(served.root, List.of("link", "b"));
    assertEquals(1, path.nodes().size());
    assertEquals(0, path.errno());
    assertEquals("a", client.readLink(path.nodes().getFirst().node()));
    path = client.walk(served.root, List.of("a", "b", "c", "file", "more"));
    assertEquals(4, path.nodes().size());
  }

  @Test
  void oneFileHasOneNodeWhateverItsNames() throws Exception {
    NodeInfo file = served.find("a/b/c/file");
    client.link(file.node(), served.root, "other");
    assertEquals(file.node(), served.find("other").node());
    assertEquals(2, client.attributes(file.node()).links());
    assertNotEquals(file.node(), served.find("a").node());
  }

  @Test
  void opensRegularFilesForWhatIsAskedOnly() throws Exception {
    NodeInfo file = served.find("a/b/c/file");
    int fd = client.open(file.node(), Client.READ);
    byte[] bytes = new byte[10];
    assertEquals(7, read(fd, bytes));
    assertArrayEquals("content\0\0\0".getBytes(java.nio.charset.StandardCharsets.UTF_8), bytes);
    assertEquals(-Errno.EINVAL, HostFile.truncate(fd, 0));
    HostFile.close(fd);
    fd = client.open(file.node(), Client.READ_WRITE);
    assertEquals(0, HostFile.truncate(fd, 3));
    HostFile.close(fd);
    assertEquals(3, client.attributes(file.node()).size());
    assertFails(Errno.EINVAL, () -> client.open(file.node(), 4));
    assertFails(Errno.EINVAL, () -> client.open(file.node(), 0101));
  }

  @Test
  void opensNothingButRegularFiles() throws Exception {
    client.makeNode(served.root, "fifo", Statx.FIFO | 0600, 0, 0, 0);
    client.makeNode(served.root, "socket", Statx.SOCKET | 0600, 0, 0, 0);
    for (String name : List.of("fifo", "socket", "a")) {
      long node = served.find(name).node();
      assertFails(Errno.EACCES, () -> client.open(node, Client.READ));
    }
  }

  @Test
  void createdFileHasExactModeAndOwner() throws Exception {
    Client.Made made = client.create(served.root, "new", 06777, 12, 34);
    assertEquals(4, HostCall.call(Sys.PWRITE64, made.fd(), bytes(), 4, 0));
    HostFile.close(made.fd());
    FileAttributes a = client.attributes(made.info().node());
    assertEquals(Statx.REGULAR | 06777, made.info().attributes().mode());
    assertEquals(12, a.uid());
    assertEquals(34, a.gid());
    assertFails(Errno.EEXIST, () -> client.create(served.root, "new", 0600, 0, 0));
  }

  private static long bytes() {
    return java.lang.foreign.Arena.ofAuto().allocate(8).address();
  }

  @Test
  void namelessFileCanBeGivenAName() throws Exception {
    Client.Made made = client.createNameless(served.root, 0640, 1, 2);
    HostFile.truncate(made.fd(), 9);
    HostFile.close(made.fd());
    assertEquals(0, client.attributes(made.info().node()).links());
    assertEquals(1, client.link(made.info().node(), served.root, "named").file().links());
    assertEquals(9, Files.size(root.resolve("named")));
    assertEquals(made.info().node(), served.find("named").node());
  }

  @Test
  void makesDirectoriesLinksAndNodes() throws Exception {
    NodeInfo dir = client.makeDirectory(served.root, "dir", 01777, 5, 6).info();
    assertEquals(Statx.DIRECTORY | 01777, dir.attributes().mode());
    assertEquals(5, dir.attributes().uid());
    NodeInfo link = client.makeSymlink(dir.node(), "link", "/outside/\u00ff", 7, 8).info();
    assertEquals(7, link.attributes().uid());
    assertEquals("/outside/\u00ff", client.readLink(link.node()));
    NodeInfo fifo = client.makeNode(dir.node(), "fifo", Statx.FIFO | 0666, 1, 2, 0).info();
    assertEquals(Statx.FIFO | 0666, fifo.attributes().mode());
    assertFails(
        Errno.EPERM,
        () -> client.makeNode(dir.node(), "null", Statx.CHARACTER | 0666, 0, 0, 0x801));
    assertFails(
        Errno.EPERM, () -> client.makeNode(dir.node(), "disk", Statx.BLOCK | 0666, 0, 0, 0x800));
    assertFails(Errno.ENOTEMPTY, () -> client.removeDirectory(served.root, "dir"));
    client.unlink(dir.node(), "link");
    client.unlink(dir.node(), "fifo");
    client.removeDirectory(served.root, "dir");
    assertTrue(Files.notExists(root.resolve("dir")));
  }

  @Test
  void attributesChange() throws Exception {
    long file = served.find("a/b/c/file").node();
    FileAttributes a =
        client.setAttributes(
            file,
            new AttributeChange(
                AttributeChange.MODE
                    | AttributeChange.UID
                    | AttributeChange.GID
                    | AttributeChange.SIZE
                    | AttributeChange.ACCESSED
                    | AttributeChange.MODIFIED,
                04755,
                3,
                4,
                100,
                1_500_000_000L,
                -1));
    assertEquals(Statx.REGULAR | 04755, a.mode());
    assertEquals(3, a.uid());
    assertEquals(4, a.gid());
    assertEquals(100, a.size());
    assertEquals(1_500_000_000L, a.accessed());
    assertEquals(-1, a.modified());
    AttributeChange time = new AttributeChange(AttributeChange.ACCESSED, 0, 0, 0, 0, 7, 0);
    assertEquals(-1, client.setAttributes(file, time).modified());
    NodeInfo link = client.makeSymlink(served.root, "link", "a", 0, 0).info();
    assertEquals(7, client.setAttributes(link.node(), time).accessed());
    assertNotEquals(7, client.attributes(served.find("a").node()).accessed());
  }

  @Test
  void directoryIsListedInBatches() throws Exception {
    Set<String> expected = new HashSet<>();
    NodeInfo dir = client.makeDirectory(served.root, "many", 0755, 0, 0).info();
    for (int i = 0; i < 1500; i++) {
      String name = "a-file-with-a-rather-long-name-to-fill-the-message-quickly-" + i;
      Files.createFile(root.resolve("many").resolve(name));
      expected.add(name);
    }
    for (boolean withNodes : new boolean[] {false, true}) {
      Set<String> found = new HashSet<>();
      int batches = 0;
      long position = 0;
      Client.Listing listing;
      do {
        listing = client.list(dir.node(), position, withNodes);
        for (ListedEntry entry : listing.entries()) {
          assertTrue(found.add(entry.name()));
          NodeInfo info = entry.info();
          assertEquals(withNodes, info != null);
          if (info != null) {
            assertEquals(entry.inode(), info.attributes().inode());
          }
          position = entry.next();
        }
        batches++;
      } while (!listing.end());
      assertEquals(expected, found);
      assertTrue(batches > 1);
    }
    assertFails(Errno.ENOTDIR, () -> client.list(served.find("a/b/c/file").node(), 0, false));
  }

  @Test
  void nodeSurvivesRenameAndUnlink() throws Exception {
    Served small = new Served(root, false, new ServerLimits(1000, 4));
    try (small) {
      NodeInfo file = small.find("a/b/c/file");
      small.client.rename(small.root, "a", small.root, "z", 0);
      for (int i = 0; i < 10; i++) { // drive its descriptor and those of its directories out
        small.forget(small.client.makeDirectory(small.root, "dir" + i, 0700, 0, 0).info());
        small.client.list(small.find("dir" + i).node(), 0, false);
      }
      assertEquals(7, small.client.attributes(file.node()).size());
      small.client.unlink(small.find("z/b/c").node(), "file");
      for (int i = 0; i < 10; i++) {
        small.client.list(small.find("dir" + i).node(), 0, false);
      }
      assertEquals(0, small.client.attributes(file.node()).links());
      int fd = small.client.open(file.node(), Client.READ);
      assertEquals(7, read(fd, new byte[10]));
      HostFile.close(fd);
      assertTrue(small.server.openDescriptors() <= 4);
    }
  }

  @Test
  void renameReplacesExchangesAndRefuses() throws Exception {
    long dir = served.find("a").node();
    NodeInfo one = client.makeSymlink(dir, "one", "1", 0, 0).info();
    NodeInfo two = client.makeSymlink(served.root, "two", "2", 0, 0).info();
    assertFails(Errno.EEXIST, () -> client.rename(dir, "one", served.root, "two", 1));
    assertFails(Errno.EINVAL, () -> client.rename(dir, "one", served.root, "two", 4));
    client.rename(dir, "one", served.root, "two", 2);
    assertEquals(one.node(), served.find("two").node());
    assertEquals(two.node(), served.find("a/one").node());
    client.rename(dir, "one", served.root, "two", 0);
    assertEquals(two.node(), served.find("two").node());
    assertEquals("1", client.readLink(one.node()));
    assertEquals(0, client.attributes(one.node()).links());
  }

  @Test
  void forgottenNodesAreGone() throws Exception {
    int before = served.server.nodeCount();
    NodeInfo file = served.find("a/b/c/file");
    assertEquals(before + 4, served.server.nodeCount());
    served.find("a/b/c/file");
    served.forget(file);
    client.attributes(file.node());
    served.forget(file);
    // Other threads of the server may still be busy forgetting.
    while (served.server.nodeCount() > before + 3) {
      Thread.onSpinWait();
    }
    assertFails(Errno.ESTALE, () -> client.attributes(file.node()));
  }

  @Test
  void nodesAndDescriptorsAreLimited() throws Exception {
    for (int i = 0; i < 100; i++) {
      Files.createDirectories(root.resolve("d" + i + "/e/f"));
    }
    Served small = new Served(root, false, new ServerLimits(250, 16));
    try (small) {
      assertFails(
          Errno.ENFILE,
          () -> {
            for (int i = 0; i < 100; i++) {
              small.find("d" + i + "/e/f");
              assertTrue(small.server.openDescriptors() <= 16);
            }
          });
      assertTrue(small.server.nodeCount() <= 250);
      assertEquals(Statx.DIRECTORY, small.find("d0/e/f").attributes().type());
    }
  }

  @Test
  void extendedAttributesOfTheContainerOnly() throws Exception {
    long file = served.find("a/b/c/file").node();
    client.setXattr(file, "user.x", new byte[] {1, 2}, 0);
    assertArrayEquals(new byte[] {1, 2}, client.getXattr(file, "user.x"));
    assertEquals(List.of("user.x"), client.listXattr(file));
    assertFails(Errno.EEXIST, () -> client.setXattr(file, "user.x", new byte[0], 1));
    client.removeXattr(file, "user.x");
    assertFails(Errno.ENODATA, () -> client.getXattr(file, "user.x"));
    assertFails(
        Errno.EOPNOTSUPP, () -> client.setXattr(file, "trusted.overlay.opaque", new byte[1], 0));
    assertFails(Errno.EOPNOTSUPP, () -> client.getXattr(file, "security.selinux"));
  }

  @Test
  void figuresAndSyncing() throws Exception {
    assertEquals(Files.getFileStore(root).getBlockSize(), client.statfs(served.root).blockSize());
    client.sync(served.find("a/b/c/file").node());
    client.sync(served.root);
    client.syncFileSystem(served.root);
    assertTrue(Files.exists(root.resolve("a"), LinkOption.NOFOLLOW_LINKS));
  }
}
