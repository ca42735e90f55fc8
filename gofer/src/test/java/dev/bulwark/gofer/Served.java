package dev.bulwark.gofer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostPath;
import dev.bulwark.linux.MessageSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;
import org.junit.jupiter.api.function.Executable;

/** A server in a thread that serves a directory, and a client of it. */
final class Served implements AutoCloseable {
  final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
  final CountDownLatch death = new CountDownLatch(1);
  final MessageSocket near;
  final Server server;
  final Client client;
  final long root;
  private final Thread thread;
  private final int fd;

  Served(Path directory, boolean readOnly, ServerLimits limits) throws Exception {
    this(directory, fd -> new Root(fd, readOnly), limits);
  }

  /** Serves a file of any kind. */
  Served(Path file, IntFunction<Root> served, ServerLimits limits) throws Exception {
    fd =
        (int)
            HostCall.check(
                HostPath.openAt(
                    HostPath.AT_FDCWD, file.toString(), HostPath.O_PATH | HostPath.O_CLOEXEC, 0),
                "opening " + file);
    MessageSocket[] pair = MessageSocket.pair();
    near = pair[0];
    server = new Server(pair[1], List.of(served.apply(fd)), limits, log::add);
    thread = Thread.ofPlatform().start(server::run);
    client = new Client(near, death::countDown);
    root = client.attach(0).info().node();
  }

  static Served writable(Path directory) throws Exception {
    return new Served(directory, false, ServerLimits.DEFAULT);
  }

  /** Serves a file that others change too. */
  static Served shared(Path file) throws Exception {
    return new Served(file, fd -> new Root(fd, false, true, false), ServerLimits.DEFAULT);
  }

  /** The node at the end of a path, which must exist. */
  NodeInfo find(String path) throws GoferException {
    List<String> names = List.of(path.split("/"));
    Client.Path found = client.walk(root, names);
    if (found.nodes().size() < names.size()) {
      throw GoferException.of(found.errno());
    }
    return found.nodes().getLast();
  }

  void forget(NodeInfo... infos) throws GoferException {
    long[] nodes = new long[infos.length];
    int[] counts = new int[infos.length];
    for (int i = 0; i < infos.length; i++) {
      nodes[i] = infos[i].node();
      counts[i] = 1;
    }
    client.forget(nodes, counts);
  }

  static void assertFails(int errno, Executable operation) {
    assertEquals(errno, assertThrows(GoferException.class, operation).errno());
  }

  @Override
  public void close() {
    client.close();
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    HostFile.close(fd);
  }
}
