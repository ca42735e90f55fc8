package dev.bulwark.gofer;

import static dev.bulwark.gofer.Served.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.Statx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConfinementTest {
  private static final List<String> BAD_NAMES =
      List.of("", ".", "..", "/", "a/b", "../x", "/etc", "a\0b", "inside/..");

  @TempDir private Path top;
  private Path root;

  @BeforeEach
  void plant() throws IOException {
    root = Files.createDirectory(top.resolve("root"));
    Files.writeString(top.resolve("secret"), "outside");
    Files.createDirectory(root.resolve("inside"));
    Files.createDirectory(top.resolve("outside"));
    Files.writeString(top.resolve("outside/file"), "outside");
  }

  @Test
  void namesThatAreNoSingleComponentAreRefused() throws Exception {
    try (Served served = Served.writable(root)) {
      Client client = served.client;
      long dir = served.root;
      long inside = served.find("inside").node();
      for (String name : BAD_NAMES) {
        assertFails(Errno.EINVAL, () -> client.walk(inside, List.of(name)));
        Client.Path path = client.walk(dir, List.of("inside", name));
        assertEquals(1, path.nodes().size());
        assertEquals(Errno.EINVAL, path.errno());
        assertFails(Errno.EINVAL, () -> client.create(dir, name, 0600, 0, 0));
        assertFails(Errno.EINVAL, () -> client.makeDirectory(dir, name, 0700, 0, 0));
        assertFails(Errno.EINVAL, () -> client.makeSymlink(dir, name, "x", 0, 0));
        assertFails(Errno.EINVAL, () -> client.makeNode(dir, name, Statx.FIFO, 0, 0, 0));
        assertFails(Errno.EINVAL, () -> client.link(inside, dir, name));
        assertFails(Errno.EINVAL, () -> client.unlink(dir, name));
        assertFails(Errno.EINVAL, () -> client.removeDirectory(dir, name));
        assertFails(Errno.EINVAL, () -> client.rename(dir, name, dir, "x", 0));
        assertFails(Errno.EINVAL, () -> client.rename(dir, "inside", dir, name, 0));
      }
      assertFails(Errno.ENAMETOOLONG, () -> client.walk(dir, List.of("x".repeat(256))));
    }
  }

  @Test
  void linksThatLeadOutAreNeverFollowed() throws Exception {
    Files.createSymbolicLink(root.resolve("dirlink"), top.resolve("outside"));
    Files.createSymbolicLink(root.resolve("filelink"), top.resolve("secret"));
    try (Served served = Served.writable(root)) {
      assertEquals(1, served.client.walk(served.root, List.of("dirlink", "file")).nodes().size());
      NodeInfo dir = served.find("dirlink");
      NodeInfo file = served.find("filelink");
      assertFails(Errno.ENOTDIR, () -> served.client.walk(dir.node(), List.of("file")));
      assertFails(Errno.EACCES, () -> served.client.open(file.node(), Client.READ));
      assertFails(Errno.ENOTDIR, () -> served.client.list(dir.node(), 0, true));
      assertFails(Errno.ENOTDIR, () -> served.client.create(dir.node(), "new", 0600, 0, 0));
      assertFails(
          Errno.EINVAL,
          () ->
              served.client.setAttributes(
                  file.node(), new AttributeChange(AttributeChange.SIZE, 0, 0, 0, 0, 0, 0)));
      served.client.setAttributes(
          file.node(), new AttributeChange(AttributeChange.UID, 0, 77, 0, 0, 0, 0));
      assertEquals(0, Files.getAttribute(top.resolve("secret"), "unix:uid"));
      assertFalse(Files.exists(top.resolve("outside/new")));
    }
  }

  /** Somebody swaps a directory for a link to the outside again and again while it is used. */
  @Test
  void linkPlantedInARaceNeverLeadsOut() throws Exception {
    Path dir = Files.createDirectory(root.resolve("dir"));
    Files.writeString(dir.resolve("file"), "inside!");
    Path aside = root.resolve("aside");
    Path link = Files.createSymbolicLink(root.resolve("link"), top.resolve("outside"));
    AtomicBoolean stop = new AtomicBoolean();
    Thread swapper =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    while (!stop.get()) {
                      Files.move(dir, aside, StandardCopyOption.ATOMIC_MOVE);
                      Files.move(link, dir, StandardCopyOption.ATOMIC_MOVE);
                      Files.move(dir, link, StandardCopyOption.ATOMIC_MOVE);
                      Files.move(aside, dir, StandardCopyOption.ATOMIC_MOVE);
                    }
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                });
    long outsideInode = (long) Files.getAttribute(top.resolve("outside/file"), "unix:ino");
    // No room for descriptors: directories are opened again and again.
    try (Served served = new Served(root, false, new ServerLimits(1000, 2))) {
      for (int i = 0; i < 3000; i++) {
        for (NodeInfo info : served.client.walk(served.root, List.of("dir", "file")).nodes()) {
          assertTrue(info.attributes().inode() != outsideInode);
          if (info.attributes().type() == Statx.REGULAR) {
            try {
              int fd = served.client.open(info.node(), Client.READ);
              Statx stat = new Statx();
              stat.fill(fd, "");
              HostFile.close(fd);
              assertTrue(stat.inode() != outsideInode);
            } catch (GoferException e) {
              assertTrue(
                  List.of(Errno.ESTALE, Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP)
                      .contains(e.errno()),
                  e::getMessage);
            }
          }
        }
      }
    } finally {
      stop.set(true);
      swapper.join();
    }
  }

  @Test
  void readOnlyRootRefusesEveryChange() throws Exception {
    Files.writeString(root.resolve("file"), "content");
    try (Served served = new Served(root, true, ServerLimits.DEFAULT)) {
      Client client = served.client;
      long dir = served.root;
      long file = served.find("file").node();
      assertTrue(client.attach(0).readOnly());
      assertFails(Errno.EROFS, () -> client.open(file, 1));
      assertFails(Errno.EROFS, () -> client.open(file, Client.READ_WRITE));
      assertFails(Errno.EROFS, () -> client.create(dir, "x", 0600, 0, 0));
      assertFails(Errno.EROFS, () -> client.createNameless(dir, 0600, 0, 0));
      assertFails(Errno.EROFS, () -> client.makeDirectory(dir, "x", 0700, 0, 0));
      assertFails(Errno.EROFS, () -> client.makeSymlink(dir, "x", "y", 0, 0));
      assertFails(Errno.EROFS, () -> client.makeNode(dir, "x", Statx.FIFO, 0, 0, 0));
      assertFails(Errno.EROFS, () -> client.link(file, dir, "x"));
      assertFails(Errno.EROFS, () -> client.unlink(dir, "file"));
      assertFails(Errno.EROFS, () -> client.removeDirectory(dir, "inside"));
      assertFails(Errno.EROFS, () -> client.rename(dir, "file", dir, "x", 0));
      assertFails(Errno.EROFS, () -> client.setXattr(file, "user.x", new byte[1], 0));
      assertFails(Errno.EROFS, () -> client.removeXattr(file, "user.x"));
      assertFails(
          Errno.EROFS,
          () ->
              client.setAttributes(
                  file, new AttributeChange(AttributeChange.MODE, 0, 0, 0, 0, 0, 0)));
      int fd = client.open(file, Client.READ);
      assertEquals(-Errno.EINVAL, HostFile.truncate(fd, 0));
      HostFile.close(fd);
    }
  }

  @Test
  void kernelFileSystemsBelowTheRootAreEmpty() throws Exception {
    try (Served served = new Served(Path.of("/"), true, ServerLimits.DEFAULT)) {
      NodeInfo proc = served.find("proc");
      assertEquals(Statx.DIRECTORY, proc.attributes().type());
      assertEquals(Errno.ENOENT, served.client.walk(proc.node(), List.of("self")).errno());
      assertEquals(Errno.ENOENT, served.client.walk(served.root, List.of("proc", "1")).errno());
      Client.Listing listing = served.client.list(proc.node(), 0, true);
      assertTrue(listing.end() && listing.entries().isEmpty());
      long tty = served.find("dev/null").node();
      assertFails(Errno.EACCES, () -> served.client.open(tty, Client.READ));
    }
  }

  @Test
  void unknownRootsAndNodesAreRefused() throws Exception {
    try (Served served = Served.writable(root)) {
      assertFails(Errno.EINVAL, () -> served.client.attach(1));
      assertFails(Errno.EINVAL, () -> served.client.attach(-1));
      assertFails(Errno.ESTALE, () -> served.client.attributes(999));
      assertFails(Errno.ESTALE, () -> served.client.walk(-1, List.of("a")));
    }
  }
}
