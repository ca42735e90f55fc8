package dev.bulwark.sentry.fs.gofer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Tree;
import dev.bulwark.sentry.vfs.Watch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Watches on shared trees hear of the host's changes, and once of the sandbox's own. */
@Timeout(60)
class HostWatchTest {
  private static final int CHANGES = 0xfff & ~(0x1 | 0x10 | 0x20);

  @TempDir private Path host;
  private LiveGofer gofer;
  private Tree tree;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final List<Location> watched = new ArrayList<>();

  @BeforeEach
  void serve() throws Exception {
    gofer = LiveGofer.shared(host);
    tree = new Tree(gofer.system);
  }

  @AfterEach
  void stop() {
    watched.forEach(at -> at.inode().unwatched());
    gofer.close();
  }

  private void watch(String path) throws Exception {
    Location at = tree.find(path);
    Watch watch =
        (events, _, name) -> {
          if ((events & (CHANGES | 0x4000)) != 0) {
            heard.add(Integer.toHexString(events) + ":" + (name == null ? "" : name));
          }
        };
    at.inode().watched(at.dentry());
    watched.add(at);
    at.inode().watches().add(watch);
  }

  /** What is heard until a file of this name is made on the host, without that. */
  private List<String> until(String mark) throws Exception {
    Files.createFile(host.resolve(mark));
    List<String> before = new ArrayList<>();
    for (String event = heard.take(); !event.equals("100:" + mark); event = heard.take()) {
      before.add(event);
    }
    assertEquals("8:" + mark, heard.take());
    return before;
  }

  @Test
  void hostChangesAreHeard() throws Exception {
    watch("/");
    Files.writeString(host.resolve("f"), "x");
    Files.createDirectory(host.resolve("d"));
    Files.move(host.resolve("f"), host.resolve("g"));
    Files.delete(host.resolve("g"));
    assertEquals(
        List.of("100:f", "2:f", "8:f", "40000100:d", "40:f", "80:g", "200:g"), until("end"));
    assertEquals(List.of("d", "end"), tree.list("/"));
    assertEquals("", tree.read("/end"));
  }

  @Test
  void whatIsToldCanBeSeenAtOnce() throws Exception {
    watch("/");
    for (int i = 0; i < 50; i++) {
      String name = "n" + i;
      try {
        tree.find("/" + name);
        throw new AssertionError("there already");
      } catch (dev.bulwark.sentry.ErrnoException e) {
        Files.createFile(host.resolve(name));
      }
      assertEquals("100:" + name, heard.take());
      assertEquals("8:" + name, heard.take());
      tree.find("/" + name);
    }
  }

  @Test
  void ownChangesAreToldOnce() throws Exception {
    tree.mkdir("/d");
    watch("/");
    watch("/d");
    tree.write("/f", "12345");
    tree.chmod("/f", 0600);
    tree.rename("/f", "/d/g", 0);
    try (FileDescription file = tree.open("/d/g", OpenFlags.WRONLY | OpenFlags.APPEND)) {
      Tree.write(file, "more", -1);
    }
    tree.unlink("/d/g");
    tree.rmdir("/d");
    // What the tree's helpers do not announce, such as chmod, is told by the calls above them.
    List<String> events = until("end");
    assertEquals(
        List.of("100:f", "2:f", "8:f", "40:f", "80:g", "2:g", "8:g", "200:g", "40000200:d", "400:"),
        events);
  }

  @Test
  void theEndOfAWatchedFileIsTold() throws Exception {
    Files.writeString(host.resolve("f"), "x");
    try (FileDescription open = tree.open("/f", OpenFlags.RDWR)) {
      watch("/f");
      Files.delete(host.resolve("f"));
      assertEquals("4:", heard.take());
      assertEquals("400:", heard.take());
      assertEquals("x", Tree.read(open, 10, 0));
    }
  }

  @Test
  void watchedFileTellsOfItself() throws Exception {
    Files.writeString(host.resolve("f"), "x");
    watch("/f");
    Files.writeString(host.resolve("f"), "longer");
    assertEquals("2:", heard.take());
    Files.createFile(host.resolve("other"));
    Files.move(host.resolve("f"), host.resolve("g"));
    List<String> rest = new ArrayList<>();
    do {
      rest.add(heard.take());
    } while (!rest.getLast().equals("800:"));
    assertTrue(rest.stream().allMatch(List.of("2:", "8:", "800:")::contains), rest::toString);
  }

  @Test
  void hostHearsOfChangesInside() throws Exception {
    try (java.nio.file.WatchService service = host.getFileSystem().newWatchService()) {
      host.register(service, java.nio.file.StandardWatchEventKinds.ENTRY_CREATE);
      tree.write("/f", "x");
      assertEquals("f", service.take().pollEvents().getFirst().context().toString());
    }
  }
}
