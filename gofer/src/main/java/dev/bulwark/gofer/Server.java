package dev.bulwark.gofer;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Frame;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.MessageSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;

/**
 * Serves the requests of one connection with several threads, until it ends. Nothing that comes
 * over the connection is trusted; see the package's description.
 */
public final class Server {
  private static final int THREADS = 3;

  private final MessageSocket socket;
  private final Consumer<String> log;
  private final NodeTable nodes;
  private final ProcFds proc;
  private final Lookup lookup;
  private final Names names;
  private final Contents contents;
  private final Watches watches;
  private final Sockets sockets;

  /**
   * Prepares to serve.
   *
   * @param socket the connection, closed at the end of {@link #run}
   * @param roots what the client can attach to, in the order of their numbers; their descriptors
   *     stay the caller's
   * @param limits how much the client may hold
   * @param log takes a line for people when something is wrong with the client
   * @throws HostException when /proc is missing
   * @throws GoferException when a root cannot be asked for its attributes
   */
  public Server(MessageSocket socket, List<Root> roots, ServerLimits limits, Consumer<String> log)
      throws HostException, GoferException {
    this.socket = socket;
    this.log = log;
    nodes = new NodeTable(List.copyOf(roots), limits.nodes(), limits.descriptors());
    proc = new ProcFds();
    lookup = new Lookup(nodes, proc);
    names = new Names(nodes, proc, lookup);
    contents = new Contents(nodes, proc);
    watches = new Watches(nodes, proc);
    sockets = new Sockets(nodes, proc, log);
  }

  /** Serves until the other end is gone or breaks the protocol. */
  public void run() {
    List<Thread> workers = new ArrayList<>();
    for (int i = 1; i <= THREADS; i++) {
      workers.add(Thread.ofPlatform().daemon().name("gofer-" + i).start(this::work));
    }
    boolean interrupted = false;
    for (Thread worker : workers) {
      while (worker.isAlive()) {
        try {
          worker.join();
        } catch (InterruptedException e) {
          interrupted = true;
          socket.close();
        }
      }
    }
    nodes.close();
    watches.close();
    proc.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    Frame in = new Frame(Wire.MAX_MESSAGE);
    Frame out = new Frame(Wire.MAX_MESSAGE);
    try {
      while (true) {
        long n = socket.receive(in);
        in.closeDescriptors(); // the client has none to give
        if (n <= 0) {
          if (n < 0) {
            log.accept("receiving from the Sentry failed: " + Errno.describe((int) -n));
          }
          return;
        }
        if (!serve(in.bytes(), out)) {
          return;
        }
      }
    } catch (MalformedMessageException e) {
      log.accept("the Sentry sent " + e.getMessage() + "; the connection ends");
    } finally {
      socket.close();
    }
  }

  private boolean serve(ByteBuffer message, Frame out) throws MalformedMessageException {
    int tag = Wire.getInt(message);
    Request request = Request.decode(message);
    if (request instanceof Request.Forget forget) {
      for (int i = 0; i < forget.nodes().length; i++) {
        nodes.forget(forget.nodes()[i], forget.counts()[i]);
      }
      return true;
    }
    Answer answer = answer(request);
    answer.reply().encode(tag, out.clear());
    if (answer.fd() >= 0) {
      out.attach(answer.fd());
    }
    long r = socket.send(out);
    if (answer.fd() >= 0) {
      HostFile.close(answer.fd());
    }
    return r == 0;
  }

  private Answer answer(Request request) {
    try {
      if (request instanceof Request.Sync sync) {
        return Contents.sync(openToSync(sync), sync.fileSystem());
      }
      boolean removes = request instanceof Request.Unlink || request instanceof Request.Rename;
      Lock lock = removes ? nodes.tree.writeLock() : nodes.tree.readLock();
      lock.lock();
      try {
        return locked(request);
      } finally {
        lock.unlock();
      }
    } catch (GoferException e) {
      return Answer.failed(e.errno());
    } catch (RuntimeException e) {
      log.accept("serving " + request.getClass().getSimpleName() + " failed: " + e);
      return Answer.failed(Errno.EIO);
    }
  }

  private int openToSync(Request.Sync request) throws GoferException {
    nodes.tree.readLock().lock();
    try {
      return contents.openToSync(request);
    } finally {
      nodes.tree.readLock().unlock();
    }
  }

  private Answer locked(Request request) throws GoferException {
    return switch (request) {
      case Request.Attach r -> lookup.attach(r);
      case Request.Walk r -> lookup.walk(r);
      case Request.ReadDirectory r -> lookup.list(r);
      case Request.Open r -> contents.open(r);
      case Request.ReadLink r -> contents.readLink(r);
      case Request.GetAttributes r -> contents.getAttributes(r);
      case Request.SetAttributes r -> contents.setAttributes(r);
      case Request.GetFigures r -> contents.figures(r);
      case Request.GetXattr r -> contents.getXattr(r);
      case Request.SetXattr r -> contents.setXattr(r);
      case Request.ListXattr r -> contents.listXattr(r);
      case Request.RemoveXattr r -> contents.removeXattr(r);
      case Request.Create r -> names.create(r);
      case Request.CreateNameless r -> names.createNameless(r);
      case Request.MakeDirectory r -> names.makeDirectory(r);
      case Request.MakeSymlink r -> names.makeSymlink(r);
      case Request.MakeNode r -> names.makeNode(r);
      case Request.Link r -> names.link(r);
      case Request.Unlink r -> names.unlink(r);
      case Request.Rename r -> names.rename(r);
      case Request.OpenWatches r -> watches.open();
      case Request.Watch r -> watches.watch(r);
      case Request.Unwatch r -> watches.unwatch(r);
      case Request.Connect r -> sockets.connect(r);
      case Request.Seal r -> lookup.seal(r);
      case Request.Sync r -> throw new IllegalStateException("not under the lock");
      case Request.Forget r -> throw new IllegalStateException("has no answer");
    };
  }

  /** How many nodes the client holds, roots included. */
  int nodeCount() {
    return nodes.size();
  }

  /** How many descriptors of nodes are open, roots left out. */
  int openDescriptors() {
    return nodes.openDescriptors();
  }
}
