package dev.bulwark.gofer;

import static dev.bulwark.gofer.Served.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostIdentity;
import dev.bulwark.linux.HostInotify;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.Statx;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Roots that are no directories, or that others change too. */
@Timeout(60)
class TreesTest {
  private static final int STREAM = 1;

  @TempDir private Path host;

  private static final HostIdentity SELF = new HostIdentity(0, 0, new int[0]);

  @Test
  void rootsAreWrittenWithTheirOptions() {
    assertEquals(new Root(7, false), Root.parse("fd=7"));
    assertEquals(new Root(7, true, true, true), Root.parse("fd=7,sockets,shared,ro"));
    assertThrows(IllegalArgumentException.class, () -> Root.parse("fd=7,rw"));
    assertThrows(IllegalArgumentException.class, () -> Root.parse("fd=-7"));
    assertThrows(IllegalArgumentException.class, () -> Root.parse("7"));
  }

  @Test
  void aFileCanBeARoot() throws Exception {
    Path file = Files.writeString(host.resolve("hosts"), "127.0.0.1 here\n");
    Files.writeString(host.resolve("other"), "not served");
    try (Served served = Served.shared(file)) {
      Client client = served.client;
      assertTrue(client.attach(0).shared());
      assertEquals(Statx.REGULAR, client.attach(0).info().attributes().type());
      int fd = client.open(served.root, Client.READ_WRITE);
      assertEquals(
          "127.0.0.1 here\n", new String(HostIo.readFile(fd, 100), StandardCharsets.UTF_8));
      HostFile.close(fd);
      assertFails(Errno.ENOTDIR, () -> client.walk(served.root, List.of("x")));
      assertFails(Errno.EINVAL, () -> client.walk(served.root, List.of("..")));
      assertFails(Errno.ENOTDIR, () -> client.create(served.root, "x", 0600, 0, 0));
    }
  }

  @Test
  void aSocketThatIsARootIsConnectedTo() throws Exception {
    Path path = host.resolve("x.sock");
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(path));
      try (Served served = Served.writable(path)) {
        assertFails(Errno.EINVAL, () -> served.client.connect(served.root, 3, SELF));
        int fd = served.client.connect(served.root, STREAM, SELF);
        HostIo.writeFully(fd, new byte[] {42});
        HostFile.close(fd);
        try (SocketChannel accepted = listener.accept()) {
          ByteBuffer bytes = ByteBuffer.allocate(10);
          assertEquals(1, accepted.read(bytes));
          assertEquals(42, bytes.get(0));
        }
        assertTrue(served.log.stream().anyMatch(line -> line.contains("socket")));
      }
    }
  }

  @Test
  void socketsInATreeAreConnectedToOnlyWhereAllowed() throws Exception {
    Path path = host.resolve("x.sock");
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(path));
      try (Served served = Served.shared(host)) {
        long socket = served.find("x.sock").node();
        assertFails(Errno.EACCES, () -> served.client.connect(socket, STREAM, SELF));
        assertFails(Errno.ECONNREFUSED, () -> served.client.connect(served.root, STREAM, SELF));
      }
      try (Served served =
          new Served(host, fd -> new Root(fd, true, false, true), ServerLimits.DEFAULT)) {
        HostFile.close(served.client.connect(served.find("x.sock").node(), STREAM, SELF));
      }
    }
  }

  @Test
  void harmlessDevicesAreMade() throws Exception {
    try (Served served = Served.writable(host)) {
      FileAttributes made =
          served
              .client
              .makeNode(served.root, "null", Statx.CHARACTER | 0666, 0, 0, 0x103)
              .info()
              .attributes();
      assertEquals(Statx.CHARACTER | 0666, made.mode());
      assertEquals(0x103, made.special());
      for (long device : new long[] {0x101, 0x10b, 0x400, 0xa00}) { // mem, kmsg, tty0, misc
        assertFails(
            Errno.EPERM,
            () -> served.client.makeNode(served.root, "x", Statx.CHARACTER | 0666, 0, 0, device));
      }
      assertFails(
          Errno.EPERM,
          () -> served.client.makeNode(served.root, "x", Statx.BLOCK | 0666, 0, 0, 0x103));
    }
  }

  private record Heard(int mask, String name) {}

  private static final class Ear implements HostEvents.Sink {
    final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();

    @Override
    public void event(int mask, int cookie, String name) {
      heard.add(new Heard(mask, name));
    }

    @Override
    public void lost() {
      heard.add(new Heard(HostInotify.Q_OVERFLOW, ""));
    }

    @Override
    public long node(String name) {
      return 0;
    }
  }

  @Test
  void changesOnTheHostAreHeardButNotOwnOnes() throws Exception {
    try (Served served = Served.shared(host)) {
      Ear ear = new Ear();
      HostEvents events = served.client.events();
      events.watch(served.root, ear);
      assertTrue(events.active());
      Files.createDirectory(host.resolve("theirs"));
      assertEquals(new Heard(HostInotify.CREATE | 0x40000000, "theirs"), ear.heard.take());
      OwnChange change = OwnChange.of(served.root, "ours", 0);
      events.begin(change);
      served.client.makeDirectory(served.root, "ours", 0700, 0, 0);
      events.end(change);
      Files.delete(host.resolve("theirs"));
      assertEquals(new Heard(HostInotify.DELETE | 0x40000000, "theirs"), ear.heard.take());
      events.unwatch(served.root);
      assertEquals(List.of(), List.copyOf(ear.heard));
    }
  }

  @Test
  void aFloodIsBoundedAndTold() throws Exception {
    try (Served served = Served.shared(host)) {
      Ear ear = new Ear();
      served.client.events().watch(served.root, ear);
      // The reader cannot keep up while the lock is held that a sink is called with.
      Path file = host.resolve("f");
      int limit =
          Integer.parseInt(
              Files.readAllLines(Path.of("/proc/sys/fs/inotify/max_queued_events")).getFirst());
      served
          .client
          .events()
          .whileHeldUp(
              () -> {
                for (int i = 0; i <= limit / 2; i++) {
                  Files.createFile(file);
                  Files.delete(file);
                }
                return null;
              });
      Heard heard;
      do {
        heard = ear.heard.take();
      } while (heard.mask() != HostInotify.Q_OVERFLOW);
    }
  }

  @Test
  void onlySharedTreesAreWatched() throws Exception {
    try (Served served = Served.writable(host)) {
      assertFails(Errno.EINVAL, () -> served.client.events().watch(served.root, new Ear()));
    }
  }
}
